package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job's process is stopped (SIGSTOP) at any moment, a successor takes over from its checkpoint, commits, compacts and
 * lets snapshots expire, and then the first one wakes up (SIGCONT) and goes on with what it was about to do. The table
 * must hold the rounds of the line of attempts, and nobody may have been told otherwise.
 */
class ZombieCyclesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int STOP_TRIES = 30;

    private final long seed = Seeds.of("zombie-cycles");
    private final RandomGenerator random = Seeds.random(seed);
    private final long zeroMillis = System.currentTimeMillis();
    private final List<Attempt> attempts = new ArrayList<>();
    /** Per round the attempt whose rows the table has to hold. */
    private final TreeMap<Long, Long> line = new TreeMap<>();

    private final Map<String, Integer> ends = new TreeMap<>();
    private int stoppedInCommit;
    private int expiredMeanwhile;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void aFewCycles() throws Exception {
        judge(run(4, "careful"));
    }

    @Test
    @Tag("full")
    void aHundredCycles() throws Exception {
        judge(run(100, "careful"));
        assertTrue(stoppedInCommit >= 20, stoppedInCommit + " stopped within a commit");
        assertTrue(expiredMeanwhile >= 80, expiredMeanwhile + " slept through an expiry");
    }

    @Test
    void anAnswerByIdentifierAloneIsFoundOut() throws Exception {
        Table table = run(4, "careless");
        assertThrows(AssertionError.class, () -> judge(table));
    }

    @AfterEach
    void endAll() {
        attempts.forEach(a -> a.process.destroyForcibly());
    }

    private Table run(int cycles, String care) throws Exception {
        Path warehouse = directory.resolve("warehouse");
        Catalog catalog = Catalogs.open(PausedJob.components(warehouse, zeroMillis));
        catalog.createDatabase(PausedJob.TABLE.database(), true);
        Table table = catalog.createTable(
                PausedJob.TABLE,
                TableSchema.create(
                        List.of(
                                new Field(1, "id", DataType.bigint(), false),
                                new Field(2, "attempt", DataType.bigint(), true)),
                        List.of("id"),
                        List.of(),
                        List.of(),
                        2,
                        Map.of(
                                "snapshot.time-retained", "1 s",
                                "snapshot.num-retained.min", "2",
                                "snapshot.num-retained.max", "4")));
        Attempt running = new Attempt(warehouse, care);
        for (int cycle = 0; cycle < cycles; cycle++) {
            running.awaitAcknowledged(2 + random.nextInt(8));
            stopped(running, random.nextBoolean());
            long head = table.snapshots().latest().map(Snapshot::id).orElse(0L);
            Attempt successor = new Attempt(warehouse, care, running);
            // one long sleep in three: everything that the zombie builds on has expired and is deleted
            successor.awaitAcknowledged(random.nextInt(3) == 0 ? 150 : 3 + random.nextInt(20));
            expiredMeanwhile += table.snapshots().earliestId().orElse(0) > head ? 1 : 0;
            running.signal("CONT");
            String end = running.awaitEnd();
            ends.merge(end, 1, Integer::sum);
            running = successor;
        }
        Files.createFile(running.directory.resolve(PausedJob.STOP));
        assertEquals("stopped", running.awaitEnd());
        running.extendLine();
        System.out.printf(
                "%d zombies: %s; %d stopped within a commit, %d slept through an expiry; %d rounds%n",
                cycles, ends, stoppedInCommit, expiredMeanwhile, line.size());
        return table;
    }

    /** At any moment, or at one within a commit. */
    private void stopped(Attempt running, boolean withinCommit) throws Exception {
        for (int tries = 0; tries < STOP_TRIES; tries++) {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
            running.stop();
            boolean isWithin = running.last().startsWith("begin");
            if (isWithin || !withinCommit) {
                stoppedInCommit += isWithin ? 1 : 0;
                return;
            }
            running.signal("CONT");
        }
        running.stop();
    }

    private void judge(Table table) throws IOException {
        for (Attempt attempt : attempts) {
            for (long round : attempt.acknowledged()) {
                long owner = round <= attempt.restoredRound ? line.get(round) : attempt.number;
                assertEquals(
                        line.get(round),
                        owner,
                        "round %d was acknowledged to attempt %d".formatted(round, attempt.number));
            }
        }
        Map<Long, Long> expected = new TreeMap<>();
        line.forEach((round, attempt) -> {
            for (int i = 0; i < PausedJob.ROWS; i++) {
                expected.put(round * PausedJob.ROWS + i, attempt);
            }
        });
        Map<Long, Long> rows = new TreeMap<>();
        try (BatchScan scan = TableScan.of(table).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    Row row = RowReader.row(b, scan.columns(), b.position(i));
                    rows.put((Long) row.value(0), (Long) row.value(1));
                }
            }
        }
        assertEquals(expected, rows);
        // refused: its delta is in the table since so long that the commit map does not name it any more
        assertTrue(Set.of("Fenced", "Refused").containsAll(ends.keySet()), ends::toString);
    }

    /** A process of the job; the line of rounds is extended by what its successor has restored. */
    private final class Attempt {
        private final long number = attempts.size() + 1;
        private final Path directory;
        private final Process process;
        private final long restoredRound;

        Attempt(Path warehouse, String care) throws IOException {
            this(warehouse, care, null);
        }

        Attempt(Path warehouse, String care, Attempt before) throws IOException {
            directory = Files.createDirectories(ZombieCyclesTest.this.directory.resolve("attempt-" + number));
            if (before == null) {
                restoredRound = 0;
            } else {
                restoredRound = before.extendLine();
                Files.copy(before.directory.resolve(PausedJob.STATE), directory.resolve(PausedJob.STATE));
            }
            attempts.add(this);
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            PausedJob.class.getName(),
                            warehouse.toString(),
                            directory.toString(),
                            Long.toString(number),
                            Long.toString(zeroMillis),
                            care)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("printed").toFile())
                    .start();
        }

        /** Rounds up to this attempt's state are in the line as its own, but for those it has restored. */
        long extendLine() throws IOException {
            long round = Checkpoint.read(directory.resolve(PausedJob.STATE))
                    .orElseThrow()
                    .round();
            for (long r = restoredRound + 1; r <= round; r++) {
                line.put(r, number);
            }
            return round;
        }

        List<String> lines() throws IOException {
            Path file = directory.resolve(PausedJob.JOURNAL);
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        }

        String last() throws IOException {
            List<String> lines = lines();
            return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        }

        List<Long> acknowledged() throws IOException {
            return lines().stream()
                    .filter(l -> l.startsWith("acked "))
                    .map(l -> Long.parseLong(l.substring("acked ".length())))
                    .toList();
        }

        void awaitAcknowledged(int count) throws Exception {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (acknowledged().size() < count) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError("attempt %d: %d of %d rounds, %s, %s"
                            .formatted(number, acknowledged().size(), count, last(), printed()));
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }

        /** The signal is sent at once, but it takes until every thread has been told. */
        void stop() throws Exception {
            signal("STOP");
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!isStopped()) {
                assertTrue(process.isAlive() && System.nanoTime() < end, () -> "attempt %d cannot be stopped"
                        .formatted(number));
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        private boolean isStopped() throws IOException {
            try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
                for (Path thread : threads.toList()) {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                        return false;
                    }
                }
                return true;
            } catch (NoSuchFileException e) {
                return false; // a thread that has just ended
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertEquals(0, kill.waitFor(), "kill -" + name);
        }

        /** Why it ended. */
        String awaitEnd() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("attempt %d goes on: %s".formatted(number, last()));
            }
            String end = last();
            if (process.exitValue() != 0 || !end.startsWith("ended ")) {
                throw new AssertionError("attempt %d ended after '%s': %s".formatted(number, end, printed()));
            }
            return end.substring("ended ".length());
        }

        private String printed() throws IOException {
            return Files.readString(directory.resolve("printed"));
        }
    }
}
