package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.SnapshotPin;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A process that is stopped before any one of its calls of the store, until its lease has ended, its files were compacted
 * and all snapshots that it knew have been deleted: what it does when it wakes up is done right, or not at all.
 */
class StoppedProcessTest {
    private static final long TARGET = 4;
    private static final Duration LEASE = Duration.ofMinutes(10);

    /** What the process does once it runs. */
    private interface Work {
        CommitOutcome run(Table table) throws IOException;
    }

    /** Prepares work on a table as it stands before the process is stopped. */
    private interface Preparation {
        Work of(TestTable t) throws IOException;
    }

    /** A table of which nothing old is kept: ids 0 to 3, "target" in snapshot 4, whose files have left the tree. */
    private static TestTable table() throws IOException {
        TestTable t = new TestTable(TestTable.orders(2), 5, 1);
        Catalogs.open(t.components)
                .alterOptions(
                        TestTable.NAME,
                        Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1"),
                        Set.of());
        t.commit(row(t, 0, "old"), row(t, 1, "old"), row(t, 2, "old"), row(t, 3, "old"));
        t.commit(row(t, 0, "older"), row(t, 2, "older"));
        t.commit(row(t, 0, "target"), row(t, 1, "target"));
        compact(t);
        t.commit(row(t, 1, "new"), row(t, 2, "new"));
        return t;
    }

    private static Write row(TestTable t, long id, String status) {
        return t.upsert("west", id, status, null, null);
    }

    private static void compact(TestTable t) throws IOException {
        assertTrue(new HandMadeCompaction(t, f -> true).commit());
        t.model.commitNothing();
    }

    /** What the others do meanwhile: they change id 1, compact, and let everything go that may. */
    private static void theOthersGoOn(TestTable t) throws IOException {
        t.clock.advance(LEASE.plusMinutes(3));
        t.commit(row(t, 1, "late"));
        compact(t);
        t.commit(row(t, 1, "latest"));
        for (int run = 0; run < 3; run++) {
            t.open().expiry().run();
            t.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
        }
    }

    /** Status by id; fails if a key is there twice or a file is missing. */
    private static String rows(TestTable t, TableScan scan) throws IOException {
        TreeMap<Object, Object> out = new TreeMap<>();
        t.keyed(TestTable.rows(scan)).values().forEach(row -> out.put(row.get(1), row.get(2)));
        return out.toString();
    }

    /** How often the work was done, and how often it was told that it came too late. */
    private record Ends(int done, int tooLate) {}

    /** Stops the work before each of its calls, in a table of its own each time. */
    private static Ends stopEverywhere(Preparation preparation, Set<String> done, Set<String> notDone)
            throws IOException {
        int committed = 0;
        int tooLate = 0;
        boolean stopped = true;
        for (int n = 1; stopped; n++) {
            try (TestTable t = table()) {
                stopped = false;
                if (stopAt(n, t, preparation)) {
                    committed++;
                    stopped = calls >= n;
                    assertTrue(done.contains(now(t, n)), "stopped before call %d: %s".formatted(n, now(t, n)));
                } else {
                    tooLate++;
                    stopped = true;
                    assertTrue(notDone.contains(now(t, n)), "stopped before call %d: %s".formatted(n, now(t, n)));
                }
            }
        }
        return new Ends(committed, tooLate);
    }

    private static String now(TestTable t, int n) throws IOException {
        try {
            return rows(t, TableScan.of(t.open()));
        } catch (StreamhouseException e) {
            throw new AssertionError("the table cannot be read after a stop before call " + n, e);
        }
    }

    private static int calls;

    /** Whether it was done; false if it was too late. */
    private static boolean stopAt(int n, TestTable t, Preparation preparation) throws IOException {
        boolean[] runs = {false};
        calls = 0;
        FaultyObjectStore store = new FaultyObjectStore(t.bytes, (call, path) -> {
            if (runs[0] && ++calls == n) {
                try {
                    theOthersGoOn(t);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return Optional.empty();
        });
        Table table = Catalogs.open(t.components.withStore(store)).table(TestTable.NAME);
        Work work = preparation.of(t);
        runs[0] = true;
        try {
            CommitOutcome outcome = work.run(table);
            // stopped behind its put, it finds its own commit in the newest commit map
            boolean done =
                    outcome instanceof CommitOutcome.Committed || outcome instanceof CommitOutcome.AlreadyCommitted;
            assertTrue(done, "stopped before call %d: %s".formatted(n, outcome));
            return true;
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.SNAPSHOT_EXPIRED) {
                throw new AssertionError("stopped before call " + n, e);
            }
            return false;
        } finally {
            runs[0] = false;
        }
    }

    private static SnapshotPin leased(Table table) {
        return SnapshotPin.lease(table, LEASE, "rollback");
    }

    @Test
    void aRollbackBringsBackAllOfItsTargetOrNothing() throws IOException {
        Ends ends = stopEverywhere(
                t -> table -> Rollback.to(table, TARGET, leased(table)).commit(),
                Set.of("{0=target, 1=target, 2=older, 3=old}", "{0=target, 1=latest, 2=older, 3=old}"),
                Set.of("{0=target, 1=latest, 2=new, 3=old}"));
        assertTrue(ends.done > 0 && ends.tooLate > 0, ends.toString());
    }

    @Test
    void aRollbackThatStandsIsToldSoAfterItsTargetHasExpired() throws IOException {
        try (TestTable t = table()) {
            Rollback rollback = Rollback.to(t.open(), TARGET, leased(t.open()));
            assertInstanceOf(CommitOutcome.Committed.class, rollback.commit());
            theOthersGoOn(t);
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, rollback.commit());
            Rollback late = Rollback.to(t.open(), TARGET, leased(t.open()));
            assertEquals(
                    ErrorCode.SNAPSHOT_EXPIRED,
                    assertThrows(StreamhouseException.class, late::commit).code());
        }
    }

    @Test
    void anAppendGoesOnFromTheNewestHead() throws IOException {
        Ends ends = stopEverywhere(
                t -> {
                    try (TableWriter writer = TableWriter.forEngine(t.open(), Statement.settings(0))) {
                        writer.write(RowKind.INSERT, Row.of("west", 0L, "mine", null, null));
                        writer.write(RowKind.INSERT, Row.of("west", 7L, "mine", null, null));
                        writer.write(RowKind.DELETE, Row.of(null, 2L, null, null, null));
                        var delta =
                                Statement.delta(t.table, List.of(writer.flush().orElseThrow()));
                        // a file that the commit has to look into
                        t.commit(row(t, 3, "between"));
                        return table -> TableCommitter.open(table).commit(delta);
                    }
                },
                Set.of("{0=mine, 1=latest, 3=between, 7=mine}", "{0=mine, 1=new, 3=between, 7=mine}"),
                Set.of());
        assertEquals(0, ends.tooLate);
    }

    @Test
    void anOverwriteReplacesWhatIsThereWhenItWakesUp() throws IOException {
        Ends ends = stopEverywhere(
                t -> {
                    try (TableWriter writer = TableWriter.forOverwrite(t.open(), Statement.settings(0))) {
                        writer.write(RowKind.INSERT, Row.of("west", 0L, "mine", null, null));
                        var delta =
                                Statement.delta(t.table, List.of(writer.flush().orElseThrow()));
                        return table ->
                                Overwrite.of(table, new Extent.Everything()).commit(delta);
                    }
                },
                Set.of("{0=mine}", "{0=mine, 1=latest}"),
                Set.of());
        assertEquals(0, ends.tooLate);
    }

    @Test
    void anUpdateWhoseBaseHasGoneSaysSo() throws IOException {
        List<LeaseHandle> leases = new ArrayList<>();
        Ends ends = stopEverywhere(
                t -> {
                    long base = t.open().snapshots().latest().orElseThrow().id();
                    leases.add(t.open().leases().take(base, LEASE, "update"));
                    return table ->
                            new Statement(t, table, base, List.of(row(t, 0, "mine"), row(t, 3, "mine"))).outcome();
                },
                Set.of("{0=mine, 1=latest, 2=new, 3=mine}", "{0=mine, 1=new, 2=new, 3=mine}"),
                Set.of("{0=target, 1=latest, 2=new, 3=old}"));
        assertTrue(ends.done > 0 && ends.tooLate > 0, ends.toString());
        assertFalse(leases.isEmpty());
    }
}
