package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.testkit.simulation.Journal;
import io.streamhouse.testkit.simulation.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a child process knows of the whole.
 *
 * @param name its own name
 * @param directory of the run
 * @param seed of the run
 * @param keys keys of the table
 * @param isSteady whether it is never killed, and so has to keep its memory flat
 * @param fault what is done wrong on purpose
 * @param parent id of the judging process
 */
record Part(String name, Path directory, long seed, int keys, boolean isSteady, SoakFault fault, long parent) {
    private static final String STOP = "stop";
    private static final Duration GAUGE = Duration.ofSeconds(5);

    /** The part that a child's arguments describe. */
    static Part of(String[] a) {
        return new Part(
                a[0],
                Path.of(a[1]),
                Long.parseLong(a[2]),
                Integer.parseInt(a[3]),
                Boolean.parseBoolean(a[4]),
                SoakFault.valueOf(a[5]),
                Long.parseLong(a[6]));
    }

    String[] arguments() {
        return new String[] {
            name,
            directory.toString(),
            Long.toString(seed),
            Integer.toString(keys),
            Boolean.toString(isSteady),
            fault.name(),
            Long.toString(parent)
        };
    }

    /** In the parent: lets all parts end, the subscribers when they have delivered this snapshot. */
    static void stop(Path directory, long head) throws IOException {
        WholeFile.replace(
                directory.resolve(STOP), Long.toString(head).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    Path warehouse() {
        return directory.resolve("warehouse");
    }

    Path file(String suffix) {
        return directory.resolve(name + suffix);
    }

    /** The last snapshot that counts, once it is known. */
    OptionalLong lastSnapshot() throws IOException {
        Path file = directory.resolve(STOP);
        return Files.exists(file) ? OptionalLong.of(Long.parseLong(Files.readString(file))) : OptionalLong.empty();
    }

    /** Ends a process whose parent has gone. */
    void requireParent() {
        boolean orphaned =
                ProcessHandle.current().parent().map(p -> p.pid() != parent).orElse(true);
        if (orphaned) {
            throw new IllegalStateException("the parent has gone");
        }
    }

    boolean goesOn() throws IOException {
        requireParent();
        return lastSnapshot().isEmpty();
    }

    /** Writes down every few seconds, beside the work, how much of the heap is in use after a collection. */
    void gaugeHeap() {
        Thread thread = new Thread(
                () -> {
                    try (Journal journal = Journal.append(file(".heap"))) {
                        while (true) {
                            rest(GAUGE);
                            System.gc();
                            Runtime jvm = Runtime.getRuntime();
                            journal.say("%d", jvm.totalMemory() - jvm.freeMemory());
                        }
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "heap gauge");
        thread.setDaemon(true);
        thread.start();
    }

    static void rest(Duration time) throws InterruptedException {
        Thread.sleep(Math.max(1, time.toMillis()));
    }
}
