package io.streamhouse.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One process of a race: puts its own content into every slot and prints the slots it won. Arguments: root, number of
 * this process, slots, {@code link} or {@code move}. Says {@code ready} and starts at the first byte of standard input.
 */
final class RaceProcess {
    private RaceProcess() {}

    public static void main(String[] arguments) throws IOException {
        ObjectStore local = ObjectStores.local(Path.of(arguments[0]));
        int process = Integer.parseInt(arguments[1]);
        int slots = Integer.parseInt(arguments[2]);
        ObjectStore store = arguments[3].equals("move") ? PlantedStores.existsThenPut(local) : local;
        System.out.println("ready");
        System.out.flush();
        if (System.in.read() < 0) {
            return;
        }
        StringBuilder answers = new StringBuilder();
        for (int slot = 0; slot < slots; slot++) {
            PutOutcome outcome = store.putIfAbsent(slot(slot), Stamped.content(process, 2_000));
            answers.append(outcome).append(' ').append(slot).append('\n');
        }
        System.out.write(answers.toString().getBytes(StandardCharsets.US_ASCII));
        System.out.flush();
    }

    static String slot(int slot) {
        return "t/snapshot/%020d".formatted(slot);
    }
}
