package io.streamhouse.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Harms the files of one contestant's table, one at a time, and reads the whole table each time: every file that the
 * read opens, as its answer shows when the file is empty, and hints; a flipped bit at every {@code step}th byte, and every {@code step}th length.
 */
final class DamageMatrix {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITHOUT_HARM = Duration.ofMinutes(2);
    private static final String READ_HEAP = "256m";
    private static final String FILL_HEAP = "1g";

    /**
     * A row of the result.
     *
     * @param kind kind of file
     * @param cut whether files were cut, otherwise bits were flipped
     */
    record Place(String kind, boolean cut) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : Boolean.compare(cut, other.cut);
        }
    }

    private final Contestant contestant;
    private final Path peers;
    private final Path work;
    private final Path directory;
    private final int step;
    private final SplittableRandom random;
    private final Map<Place, EnumMap<Outcome, Integer>> counts = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private final String right = TableRows.answer();
    private ChildJvm child;

    DamageMatrix(Contestant contestant, Path peers, Path work, int step, long seed) {
        this.contestant = contestant;
        this.peers = peers;
        this.work = work;
        this.directory = work.resolve("warehouse");
        this.step = step;
        this.random = new SplittableRandom(seed);
    }

    Map<Place, EnumMap<Outcome, Integer>> run() throws IOException {
        Files.createDirectories(directory);
        try (ChildJvm filler = new ChildJvm(contestant, peers, work, directory, FILL_HEAP)) {
            filler.require("fill", PATIENCE_WITHOUT_HARM);
        }
        if (!contestant.sideChecksums()) {
            for (Path file : files()) {
                if (isSideChecksum(file)) {
                    Files.delete(file);
                }
            }
        }
        restart();
        try {
            for (Path file : files()) {
                if (!isSideChecksum(file)) {
                    harm(file);
                }
            }
        } finally {
            child.close();
        }
        return counts;
    }

    /** The first harm of each kind of file that gave a wrong answer, none in time, or no memory or JVM. */
    List<String> examples() {
        return examples;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static boolean isSideChecksum(Path file) {
        return file.getFileName().toString().endsWith(".crc");
    }

    /** A new JVM, which has read the table as it is. */
    private void restart() throws IOException {
        if (child != null) {
            child.close();
        }
        child = new ChildJvm(contestant, peers, work, directory, READ_HEAP);
        String answer = child.require("read -", PATIENCE_WITHOUT_HARM);
        if (!answer.equals(right)) {
            throw new IllegalStateException(
                    "%s gives %s instead of %s without harm".formatted(contestant.title(), answer, right));
        }
    }

    private void harm(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String path = directory.relativize(file).toString();
        String kind = contestant.kindOf(path);
        if (!kind.equals("hint") && isNotOpened(file, bytes)) {
            return;
        }
        for (int at = 0; at < bytes.length; at += step) {
            byte[] harmed = bytes.clone();
            int bit = random.nextInt(8);
            harmed[at] ^= (byte) (1 << bit);
            examine(file, new Place(kind, false), bytes, harmed, "bit %d of byte %d".formatted(bit, at));
        }
        for (int length = 0; length < bytes.length; length += step) {
            byte[] harmed = Arrays.copyOf(bytes, length);
            examine(file, new Place(kind, true), bytes, harmed, "cut to " + length);
        }
    }

    private boolean isNotOpened(Path file, byte[] bytes) throws IOException {
        replace(file, new byte[0]);
        String answer = child.ask("read -", PATIENCE);
        replace(file, bytes);
        if (answer.equals(ChildJvm.DEAD) || answer.equals(ChildJvm.LATE)) {
            restart();
        }
        return answer.equals(PeerProcess.ANSWER + right);
    }

    private void examine(Path file, Place place, byte[] bytes, byte[] harmed, String what) throws IOException {
        String question = "read " + file.getFileName();
        replace(file, harmed);
        String answer = child.ask(question, PATIENCE);
        Outcome outcome = Outcome.of(answer, right);
        replace(file, bytes);
        boolean spoilt =
                outcome == Outcome.WRONG && !child.ask("read -", PATIENCE).equals(PeerProcess.ANSWER + right);
        if (spoilt || outcome == Outcome.HANG || outcome == Outcome.OUT_OF_MEMORY) {
            // neither an earlier case nor a busy machine may be to blame: once more in a new JVM
            restart();
            replace(file, harmed);
            answer = child.ask(question, PATIENCE);
            outcome = Outcome.of(answer, right);
            replace(file, bytes);
        }
        if (outcome == Outcome.HANG || outcome == Outcome.OUT_OF_MEMORY || outcome == Outcome.DEATH) {
            restart();
        }
        EnumMap<Outcome, Integer> row = counts.computeIfAbsent(place, p -> new EnumMap<>(Outcome.class));
        if (row.merge(outcome, 1, Integer::sum) == 1 && outcome.compareTo(Outcome.OTHER_ERROR) > 0) {
            examples.add("%s, %s of %s, %s: %s, %s"
                    .formatted(
                            contestant.title(), place.kind, directory.relativize(file), what, outcome.words, answer));
        }
    }

    /** Puts a new file in place of one: what a JVM may still have open or mapped stays as it is. */
    private void replace(Path file, byte[] bytes) throws IOException {
        Path next = work.resolve("next");
        Files.write(next, bytes);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
