package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultyObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads that take long go on although their snapshot would have expired; short ones write nothing. */
class ReadLeaseTest {
    private static final String LEASES = "shop.db/orders/consumers";

    private final TestTable t = table();

    private static TestTable table() {
        try {
            TestTable t = new TestTable(TestTable.orders(2), 5, 1);
            Catalogs.open(t.components)
                    .alterOptions(
                            TestTable.NAME,
                            Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1"),
                            Set.of());
            return t;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void commits(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            t.clock.advance(Duration.ofSeconds(1));
            t.commit(t.upsert("west", (long) i, "late", null, null));
        }
    }

    private ExpiryReport expire() throws IOException {
        SnapshotExpiry expiry = t.open().expiry();
        ExpiryReport report = expiry.run();
        t.clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
        return report.plus(expiry.run());
    }

    private int leases() throws IOException {
        return t.bytes.list(LEASES).size();
    }

    private static int rest(BatchScan scan) throws IOException {
        int rows = 0;
        for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
            rows += batch.selectedCount();
        }
        return rows;
    }

    @Test
    void aScanThatTakesLongIsNotOvertaken() throws IOException {
        commits(6);
        Table reader = t.open();
        try (BatchScan scan = TableScan.of(reader).open()) {
            int rows = scan.next().selectedCount();
            assertEquals(0, leases());
            t.clock.advance(ReadLease.LONG_READ);
            rows += scan.next().selectedCount();
            assertEquals(1, leases());
            commits(4);
            expire();
            assertEquals(scan.snapshotId(), t.open().snapshots().earliestId().orElseThrow());
            assertEquals(6, rows + rest(scan));
        }
        commits(1);
        assertTrue(expire().snapshots() > 0);
        assertEquals(0, leases());
    }

    @Test
    void aShortScanWritesNothing() throws IOException {
        commits(3);
        long before = t.store.counts().putCount();
        try (BatchScan scan = TableScan.of(t.open()).open()) {
            assertEquals(3, rest(scan));
        }
        assertEquals(before, t.store.counts().putCount());
    }

    @Test
    void aScanThatMayNotWriteGoesOnWithoutALease() throws IOException {
        commits(3);
        FaultyObjectStore readOnly = new FaultyObjectStore(
                t.bytes, (call, path) -> call.isMutating() ? Optional.of(Fault.ERROR_BEFORE) : Optional.empty());
        Table reader = Catalogs.open(t.components.withStore(readOnly)).table(TestTable.NAME);
        try (BatchScan scan = TableScan.of(reader).open()) {
            t.clock.advance(ReadLease.LONG_READ);
            assertEquals(3, rest(scan));
        }
    }

    /** Reading needs no space, and a lease that cannot be given back ends by itself. */
    @Test
    void aFullDiskStopsNoScanWithALeaseOrWithout() throws IOException {
        for (boolean fullBefore : new boolean[] {true, false}) {
            commits(3);
            boolean[] full = {fullBefore};
            FaultyObjectStore disk = new FaultyObjectStore(t.bytes, (call, path) -> {
                if (full[0] && call.isMutating()) {
                    throw new StreamhouseException(ErrorCode.NO_SPACE, "no space left to write " + path);
                }
                return Optional.empty();
            });
            Table reader = Catalogs.open(t.components.withStore(disk)).table(TestTable.NAME);
            try (BatchScan scan = TableScan.of(reader).open()) {
                t.clock.advance(ReadLease.LONG_READ);
                int rows = scan.next().selectedCount();
                full[0] = true;
                assertEquals(3, rows + rest(scan));
            }
        }
    }

    @Test
    void aSubscriptionThatFallsBehindKeepsItsUnreadRange() throws IOException {
        commits(6);
        try (ChangelogReader slow =
                Changelog.of(t.open()).from(Start.fromSnapshot(2)).open()) {
            assertNotNull(slow.poll(Duration.ZERO));
            t.clock.advance(ReadLease.LONG_READ);
            assertNotNull(slow.poll(Duration.ZERO));
            long position = slow.position().snapshotId();
            commits(6);
            expire();
            assertTrue(t.open().snapshots().earliestId().orElseThrow() <= position - 1);
            int commits = 0;
            for (ChangeBatch b = slow.poll(Duration.ZERO); b != null; b = slow.poll(Duration.ZERO)) {
                commits += b.lastOfCommit() ? 1 : 0;
            }
            assertTrue(commits >= 10, commits + " commits");
            assertNull(slow.poll(Duration.ZERO));
        }
    }

    @Test
    void whoComesTooLateIsToldInTheMiddleOfAScan() throws IOException {
        commits(6);
        try (BatchScan scan = TableScan.of(t.open()).snapshot(2).open();
                ChangelogReader reader =
                        Changelog.of(t.open()).from(Start.fromSnapshot(3)).open()) {
            commits(4);
            expire();
            TableScanTest.refused(
                    ErrorCode.SNAPSHOT_EXPIRED,
                    () -> TableScan.of(t.open()).snapshot(2).plan());
            TableScanTest.refused(ErrorCode.SNAPSHOT_EXPIRED, () -> reader.poll(Duration.ZERO));
            assertEquals(1, rest(scan), "its files are still in the tree");
        }
    }
}
