package io.streamhouse.benchmarks.peers;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The JVM in which a store works. Arguments: type and flavour of the {@link Peer}, directory, what to do. It prints
 * {@link #READY} and then answers lines of its standard input by one line each:
 *
 * <ul>
 *   <li>{@code create}: creates the table; {@code fill} creates it with the rows of {@link TableRows};
 *   <li>{@code read NAME}: reads the table, of which a file of that name may be harmed;
 *   <li>{@code rows FILE}: reads it and writes the rows into a file;
 *   <li>{@code race FILE NUMBER COMMITS}: commits row after row until so many were acknowledged and writes each
 *       acknowledged key into the file, synced.
 * </ul>
 */
final class PeerProcess {
    static final String READY = "READY";
    static final String ANSWER = "ANSWER ";
    static final String NAMED = "NAMED ";
    static final String ERROR = "ERROR ";
    static final String OUT_OF_MEMORY = "OOM ";

    /** A store that refuses more often than this for each commit that it takes is given up. */
    private static final int ATTEMPTS = 50;

    private static final int MAX_MESSAGE = 400;

    private final Peer peer;
    private final Path directory;

    private PeerProcess(Peer peer, Path directory) {
        this.peer = peer;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err); // what libraries print is no answer
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor(String.class);
        constructor.setAccessible(true);
        PeerProcess process = new PeerProcess((Peer) constructor.newInstance(arguments[1]), Path.of(arguments[2]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        out.println(READY);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(process.answer(line.split(" ")));
        }
        // no store's own threads keep it alive
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] question) {
        try {
            return ANSWER + done(question);
        } catch (Throwable e) {
            return failed(e, question[0].equals("read") ? question[1] : "");
        }
    }

    private String done(String[] question) throws Exception {
        switch (question[0]) {
            case "create" -> peer.create(directory);
            case "fill" -> fill();
            case "read" -> {
                return Answer.of(peer.read(directory));
            }
            case "rows" -> Files.write(Path.of(question[1]), peer.read(directory));
            case "race" -> {
                return race(Path.of(question[1]), Integer.parseInt(question[2]), Integer.parseInt(question[3]));
            }
            default -> throw new IllegalArgumentException(question[0]);
        }
        return "done";
    }

    private void fill() throws Exception {
        peer.create(directory);
        try (Peer.Writer writer = peer.writer(directory, "filler")) {
            for (List<PeerRow> rows : TableRows.INSERTS) {
                writer.commit(rows, List.of());
            }
            writer.commit(List.of(), TableRows.DELETES);
        }
    }

    /** Gives attempts and acknowledged commits. */
    private String race(Path acknowledged, int number, int commits) throws Exception {
        int attempts = 0;
        int done = 0;
        String last = "";
        try (FileChannel out =
                FileChannel.open(acknowledged, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (done < commits && attempts < ATTEMPTS * commits) {
                try (Peer.Writer writer = peer.writer(directory, "writer-" + number + "-" + attempts)) {
                    while (done < commits && attempts < ATTEMPTS * commits) {
                        // never the same key twice: what came of a refused commit may be unknown
                        String key = number + "-" + attempts++;
                        writer.commit(List.of(PeerRow.of(key)), List.of());
                        out.write(ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.US_ASCII)));
                        out.force(true);
                        done++;
                    }
                } catch (Exception e) {
                    last = " " + message(e); // refused: the next attempt has a new writer
                }
            }
        }
        return attempts + " " + done + last;
    }

    /** An error; whether it names the file is looked for in all its causes. */
    private static String failed(Throwable error, String name) {
        boolean named = false;
        boolean memory = false;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> left = new ArrayDeque<>(List.of(error));
        while (!left.isEmpty()) {
            Throwable e = left.pop();
            if (seen.add(e)) {
                named |= !name.isEmpty() && String.valueOf(e.getMessage()).contains(name);
                memory |= e instanceof OutOfMemoryError;
                left.addAll(List.of(e.getSuppressed()));
                if (e.getCause() != null) {
                    left.add(e.getCause());
                }
            }
        }
        return (memory ? OUT_OF_MEMORY : named ? NAMED : ERROR) + message(error);
    }

    private static String message(Throwable e) {
        String text = e.toString().replaceAll("\\s+", " ");
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
    }
}
