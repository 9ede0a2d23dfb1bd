package io.streamhouse.flink.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.read.ChangeSplitCodec;
import io.streamhouse.read.ChangeSplitReader;
import io.streamhouse.read.ScanSplitCodec;
import io.streamhouse.read.ScanSplitReader;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ScanMode;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scans that go on for long, beside commits, compaction and an expiry that keeps one snapshot. */
class SourceLeaseTest {
    private static final TableName NAME = TableName.of("shop", "orders");

    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore store = ObjectStores.memory();
    private Table table;
    private TableWriter writer;
    private long commits;

    @BeforeEach
    void open() throws IOException {
        Catalog catalog = Catalogs.open(components(1));
        catalog.createDatabase(NAME.database(), true);
        table = catalog.createTable(
                NAME,
                TableSchema.create(
                        List.of(
                                new Field(1, "k", DataType.integer(), false),
                                new Field(2, "v", DataType.integer(), true)),
                        List.of("k"),
                        List.of(),
                        List.of(),
                        2,
                        Map.of("snapshot.time-retained", "0 ms", "snapshot.num-retained.min", "1")));
        writer = TableWriter.open(table, CommitUser.named("job"));
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
    }

    private Components components(long seed) {
        return new Components(store, clock, new SeededIds(seed), Seeds.random(seed), Runnable::run);
    }

    private OpenTable another(long seed) throws IOException {
        Catalog catalog = Catalogs.open(components(seed));
        return new OpenTable(catalog, catalog.table(NAME));
    }

    private static ScanSpec spec(boolean batch, ScanMode mode, long snapshot) {
        TableAddress address = new TableAddress("unused", Map.of(), "shop", "orders", "");
        ScanRange range = new ScanRange(mode, snapshot, 0, ScanRange.Bound.NONE, 0, 100, false);
        return new ScanSpec(address, 0, List.of("k", "v"), List.of(), null, ScanSpec.NO_LIMIT, range, batch);
    }

    private long commit(int from, int to, int value) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        for (int k = from; k < to; k++) {
            writer.write(RowKind.INSERT, Row.of(k, value));
        }
        writer.commit(++commits);
        return table.snapshots().latest().orElseThrow().id();
    }

    /** Replaces all files, and lets everything go that may go, twice over the grace. */
    private void compactAndExpire() throws IOException {
        try (OpenTable beside = another(50 + commits);
                TableCompactor compactor = TableCompactor.open(
                        beside.table(), CompactionSettings.of(beside.table().schema()))) {
            Set<UUID> all = new HashSet<>();
            for (FileEntry e : beside.table()
                    .snapshots()
                    .tree(beside.table().snapshots().latest().orElseThrow())
                    .entries()) {
                all.add(e.file().object().id());
            }
            compactor.publish(compactor.rewrite(compactor.plan(all).orElseThrow()));
            for (int i = 0; i < 3; i++) {
                clock.advance(Duration.ofSeconds(70));
                commit(0, 5, 1_000 + i);
                beside.table().expiry().run();
            }
        }
    }

    private Set<String> rows(OpenTable open, List<SplitPlanner.Piece> pieces) throws IOException {
        Set<String> rows = new HashSet<>();
        ReadRequest request = ReadRequest.of(table.schema(), List.of("k", "v"), Optional.empty());
        for (SplitPlanner.Piece piece : pieces) {
            if (piece.kind() == TableSplit.Kind.SCAN) {
                try (ScanSplitReader reader =
                        ScanSplitReader.open(open.table(), ScanSplitCodec.read(piece.payload()), request, 0)) {
                    for (var b = reader.nextPositioned(); b != null; b = reader.nextPositioned()) {
                        for (int i = 0; i < b.rows().selectedCount(); i++) {
                            rows.add(RowReader.row(
                                            b.rows(),
                                            request.columns(),
                                            b.rows().position(i))
                                    .toString());
                        }
                    }
                }
            } else {
                try (ChangeSplitReader reader =
                        ChangeSplitReader.open(open.table(), ChangeSplitCodec.read(piece.payload()), request, 0)) {
                    for (ChangeBatch b = reader.next(); b != null; b = reader.next()) {
                        for (int i = 0; i < b.rowCount(); i++) {
                            rows.add(RowKind.of(b.kinds()[i]) + " " + RowReader.row(b.rows(), request.columns(), i));
                        }
                    }
                }
            }
        }
        return rows;
    }

    private static Set<String> pairs(String prefix, int from, int to, int value) {
        Set<String> out = new HashSet<>();
        for (int k = from; k < to; k++) {
            out.add(prefix + Row.of(k, value));
        }
        return out;
    }

    @Test
    void batchReadsItsSnapshotToTheEndAndGivesItsLeaseBack() throws IOException {
        long snapshot = commit(0, 20, 7);
        SplitPlanner planner = new SnapshotPlanner(spec(true, ScanMode.DEFAULT, 0), another(2));
        SplitPlanner.Plan plan = planner.next(EnumeratorState.START.cursor(), 100);
        assertEquals(snapshot, planner.neededBy(plan.splits().get(0).numbered(0)));
        for (int minutes = 0; minutes < 60; minutes += 4) {
            compactAndExpire();
            // once all is read nothing is needed, until somebody fails and reads again
            planner.keep(minutes < 30 ? snapshot : NeededSnapshots.NONE);
            assertEquals(snapshot, table.snapshots().earliestId().orElseThrow());
        }
        assertEquals(pairs("", 0, 20, 7), rows(another(3), plan.splits()));
        planner.close();
        compactAndExpire();
        OpenTable late = another(4);
        long earliest = late.table().snapshots().earliestId().orElseThrow();
        assertTrue(earliest > snapshot);
        assertThrows(Exception.class, () -> rows(late, plan.splits()), "the files went with the snapshot");
        SplitPlanner tooLate = new SnapshotPlanner(spec(true, ScanMode.FROM_SNAPSHOT, snapshot), late);
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> tooLate.next(EnumeratorState.START.cursor(), 100));
        assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code());
        assertTrue(e.getMessage().contains("the earliest that can be read is " + earliest), e.getMessage());
    }

    @Test
    void streamKeepsWhatItHasNotReadAndLetsGoOfTheRest() throws IOException {
        long first = commit(0, 20, 7);
        SplitPlanner planner = new ChangesPlanner(spec(false, ScanMode.FROM_SNAPSHOT_FULL, first), another(2));
        SplitPlanner.Plan full = planner.next(EnumeratorState.START.cursor(), 100);
        long second = commit(0, 20, 8);
        compactAndExpire();
        assertEquals(first, table.snapshots().earliestId().orElseThrow());
        SplitPlanner.Plan changes = planner.next(full.next(), 1);
        assertEquals(first, planner.neededBy(changes.splits().get(0).numbered(9)));
        Set<String> expected = pairs("UPDATE_BEFORE ", 0, 20, 7);
        expected.addAll(pairs("UPDATE_AFTER ", 0, 20, 8));
        assertEquals(expected, rows(another(3), changes.splits()));
        for (int i = 0; i < SourceLease.SNAPSHOTS_BEHIND; i++) {
            commit(i, i + 1, 9);
        }
        long now = commit(0, 1, 10);
        planner.keep(now);
        compactAndExpire();
        assertEquals(now, table.snapshots().earliestId().orElseThrow());
        assertTrue(now > second);
        planner.keep(NeededSnapshots.NONE);
        compactAndExpire();
        assertTrue(table.snapshots().earliestId().orElseThrow() > now);
    }

    @Test
    void leaseOfAStreamOutlivesItsCoordinatorForItsLife() throws IOException {
        long first = commit(0, 20, 7);
        SplitPlanner planner = new ChangesPlanner(spec(false, ScanMode.FROM_SNAPSHOT_FULL, first), another(2));
        planner.next(EnumeratorState.START.cursor(), 100);
        planner.close();
        compactAndExpire();
        assertEquals(first, table.snapshots().earliestId().orElseThrow());
        clock.advance(SourceLease.LIFE);
        compactAndExpire();
        assertTrue(table.snapshots().earliestId().orElseThrow() > first);
        SplitPlanner late = new ChangesPlanner(spec(false, ScanMode.FROM_SNAPSHOT_FULL, first), another(5));
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> late.next(EnumeratorState.START.cursor(), 100));
        assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code());
    }
}
