package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Start;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Statements while a writer, a deleter and a compactor touch 30 % of their keys, each in a thread and a catalog of its
 * own. Values are unique, so what a statement had to do can be told from the snapshots afterwards.
 */
class CorrectionRaceTest {
    private static final int KEYS = 200;
    private static final int HOT = KEYS * 3 / 10;
    private static final int STATEMENTS = 14;

    private final AtomicLong values = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong compactions = new AtomicLong();

    @Racing
    void aStatementChangesExactlyTheRowsThatNobodyChangedSinceItReadThem() throws Exception {
        long seed = Seeds.of("correction-race");
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (TestTable t = new TestTable(TestTable.orders(4), seed, 1)) {
            List<Write> all = new ArrayList<>();
            for (long id = 0; id < KEYS; id++) {
                all.add(row(t, id));
            }
            t.commit(0, all);
            List<Future<?>> others = List.of(
                    threads.submit(writer(t, seed + 1, false)),
                    threads.submit(writer(t, seed + 2, true)),
                    threads.submit(compactor(t)));
            try {
                update(t, Seeds.random(seed));
            } finally {
                done.set(true);
            }
            for (Future<?> f : others) {
                join(f);
            }
            judge(t);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void join(Future<?> thread) throws Exception {
        try {
            thread.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static Table own(TestTable t) throws IOException {
        return Catalogs.open(Components.system(t.bytes)).table(TestTable.NAME);
    }

    private Write row(TestTable t, long id) {
        return t.upsert("r", id, "v" + values.incrementAndGet(), null, null);
    }

    private Callable<Void> writer(TestTable t, long seed, boolean deletes) {
        return () -> {
            RandomGenerator random = Seeds.random(seed);
            try (TableWriter writer = TableWriter.open(own(t), CommitUser.fresh())) {
                for (long n = 1; !done.get(); n++) {
                    for (int i = 0; i < 8; i++) {
                        Write w = row(t, random.nextInt(HOT));
                        if (deletes && random.nextBoolean()) {
                            writer.write(RowKind.DELETE, t.keyRow(w.key()));
                        } else {
                            writer.write(
                                    RowKind.INSERT, Row.of(w.row().orElseThrow().toArray()));
                        }
                    }
                    writer.commit(n);
                }
            }
            return null;
        };
    }

    private Callable<Void> compactor(TestTable t) {
        return () -> {
            Table table = own(t);
            while (!done.get()) {
                compactions.addAndGet(new HandMadeCompaction(t, table, f -> true).commit() ? 1 : 0);
            }
            return null;
        };
    }

    private void update(TestTable t, RandomGenerator random) throws IOException {
        Table table = own(t);
        for (int n = 0; n < STATEMENTS; n++) {
            long base = table.snapshots().latest().orElseThrow().id();
            List<Write> changes = new ArrayList<>();
            for (List<Object> key : rows(t, table, base).keySet()) {
                long id = (Long) key.get(0);
                if (random.nextInt(2) == 0) {
                    changes.add(random.nextInt(12) == 0 ? Write.delete(key) : row(t, id));
                }
            }
            statements.put(new Statement(t, table, base, changes).commit().id(), changes);
        }
    }

    private final TreeMap<Long, List<Write>> statements = new TreeMap<>();

    private static NavigableMap<List<Object>, List<Object>> rows(TestTable t, Table table, long snapshot)
            throws IOException {
        return t.keyed(TestTable.rows(TableScan.of(table).snapshot(snapshot)));
    }

    private void judge(TestTable t) throws IOException {
        Table table = own(t);
        long skipped = 0;
        long replaced = 0;
        for (var e : statements.entrySet()) {
            Snapshot snapshot = table.snapshots().snapshot(e.getKey());
            assertEquals(SnapshotKind.ROW_DELTA, snapshot.kind());
            long base = Long.parseLong(snapshot.properties().get(RowDeltaCommitter.BASE));
            var read = rows(t, table, base);
            var before = rows(t, table, snapshot.id() - 1);
            var expected = new TreeMap<>(before);
            long left = 0;
            for (Write w : e.getValue()) {
                if (read.get(w.key()).equals(before.get(w.key()))) {
                    w.row().ifPresentOrElse(row -> expected.put(w.key(), row), () -> expected.remove(w.key()));
                    replaced++;
                } else {
                    left++;
                }
            }
            assertEquals(expected, rows(t, table, snapshot.id()), "snapshot " + snapshot.id());
            assertEquals(expected.size(), snapshot.totals().rowCount());
            assertEquals(Long.toString(left), snapshot.properties().get(RowDeltaCommitter.ROWS_SKIPPED));
            skipped += left;
        }
        replay(t, table);
        System.out.printf(
                "CorrectionRaceTest: %d statements, %d rows replaced, %d skipped, %d compactions, %d snapshots%n",
                statements.size(),
                replaced,
                skipped,
                compactions.get(),
                table.snapshots().latest().orElseThrow().id());
        assertTrue(skipped > 0 && replaced > skipped && compactions.get() > 3);
    }

    private static void replay(TestTable t, Table table) throws IOException {
        long head = table.snapshots().latest().orElseThrow().id();
        List<ModelChange> full = changes(t, table, ChangelogShape.FULL);
        assertEquals(rows(t, table, head), t.model.replayFull(0, full));
        assertEquals(rows(t, table, head), t.model.replayUpsert(0, changes(t, table, ChangelogShape.UPSERT)));
    }

    private static List<ModelChange> changes(TestTable t, Table table, ChangelogShape shape) throws IOException {
        try (ChangelogReader reader =
                Changelog.of(table).from(Start.fromSnapshot(1)).shape(shape).open()) {
            return t.drain(reader);
        }
    }
}
