package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Start;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.storage.Components;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import io.streamhouse.testkit.TableModel.ModelChange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Reads of a store that fails once, at every read in turn. */
class FailedReadsTest {
    private static final long FIRST = 4;

    /** A store of which one read fails, counted from when it is told so. */
    private static final class Flaky {
        final Table table;
        private long reads;
        private long failing;

        Flaky(TestTable t) throws IOException {
            FaultyObjectStore store = new FaultyObjectStore(
                    t.bytes,
                    (call, path) -> call == StoreCall.READ && ++reads == failing
                            ? Optional.of(Fault.ERROR_BEFORE)
                            : Optional.empty());
            Components c = t.components;
            table = Catalogs.open(new Components(store, c.clock(), c.ids(), c.random(), c.executor()))
                    .table(TestTable.NAME);
        }

        void failAt(long n) {
            reads = 0;
            failing = n;
        }

        boolean hasFailed() {
            return reads >= failing;
        }
    }

    private static TestTable history(long seed) throws IOException {
        TestTable t = new TestTable(TestTable.orders(List.of("region"), 2), seed, 2);
        RandomGenerator random = Seeds.random(seed);
        for (int c = 0; c < 6; c++) {
            t.commit(c % 2, t.randomWrites(random, 25, 30));
        }
        return t;
    }

    /** What a caller sees who simply polls again. */
    private static List<ModelChange> drainStubbornly(TestTable t, ChangelogReader reader) {
        List<ModelChange> out = new ArrayList<>();
        for (int failures = 0; ; failures++) {
            try {
                for (var b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                    out.addAll(t.changes(b, reader.columns()));
                }
                return out;
            } catch (IOException e) {
                assertTrue(failures == 0, "a second failure: " + e);
            }
        }
    }

    @Test
    void aSubscriptionThatIsPolledAgainAfterAnyFailedReadEqualsTheModel() throws IOException {
        long seed = Seeds.of("FailedReadsTest");
        try (TestTable t = history(seed)) {
            for (ChangelogShape shape : ChangelogShape.values()) {
                for (Predicate filter : new Predicate[] {null, Predicate.equal("status", "paid")}) {
                    everyRead(t, shape, filter);
                }
            }
        }
    }

    private static void everyRead(TestTable t, ChangelogShape shape, Predicate filter) throws IOException {
        List<ModelChange> undisturbed = subscribe(t, new Flaky(t), 0, shape, filter);
        if (filter == null) {
            t.model.checkRows(
                    t.model.head(),
                    shape == ChangelogShape.FULL
                            ? t.model.replayFull(0, undisturbed)
                            : t.model.replayUpsert(0, undisturbed));
        }
        boolean failed = true;
        long n = 0;
        while (failed) {
            Flaky flaky = new Flaky(t);
            assertEquals(undisturbed, subscribe(t, flaky, ++n, shape, filter), shape + ", failed read " + n);
            failed = flaky.hasFailed();
        }
        assertTrue(n > 20, "only " + n + " reads");
    }

    private static List<ModelChange> subscribe(
            TestTable t, Flaky flaky, long failing, ChangelogShape shape, Predicate filter) throws IOException {
        Changelog changelog =
                Changelog.of(flaky.table).from(Start.fullAt(FIRST)).shape(shape).pause(time -> {});
        if (filter != null) {
            changelog.where(filter);
        }
        try (ChangelogReader reader = changelog.open()) {
            flaky.failAt(failing);
            return drainStubbornly(t, reader);
        }
    }

    @Test
    void aScanThatFailedIsNotReadOn() throws IOException {
        try (TestTable t = history(Seeds.of("FailedReadsTest.scan"))) {
            long reads = 0;
            boolean failed = true;
            while (failed) {
                Flaky flaky = new Flaky(t);
                try (BatchScan scan = TableScan.of(flaky.table)
                        .where(Predicate.equal("status", "paid"))
                        .open()) {
                    flaky.failAt(++reads);
                    try {
                        while (scan.next() != null) {
                            assertTrue(scan.snapshotId() > 0);
                        }
                        failed = flaky.hasFailed();
                    } catch (IOException e) {
                        assertThrows(IllegalStateException.class, scan::next, "after failed read " + reads);
                    }
                }
            }
            assertTrue(reads > 4, "only " + reads + " reads");
        }
    }
}
