package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.streamhouse.spec.TableName;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Words that the tests of this module share: a repeatable world, a table, drafts. */
final class TestWorld {
    /** Base of files whose writer has looked at no snapshot. */
    static final long NO_BASE = 0;

    static final TableName ORDERS = TableName.of("shop", "orders");

    private TestWorld() {}

    static Components components(ObjectStore store, long seed, ManualClock clock) {
        return new Components(store, clock, new SeededIds(seed), Seeds.random(seed), Runnable::run);
    }

    static Components components(ObjectStore store, long seed) {
        return components(store, seed, ManualClock.atMillis(1_700_000_000_000L));
    }

    static TableSchema schema() {
        return schema(Map.of());
    }

    static TableSchema schema(Map<String, String> options) {
        return TableSchema.create(
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "name", DataType.string(), true)),
                List.of("id"),
                List.of(),
                List.of(),
                4,
                options);
    }

    /** A new table in a new catalog over the store. */
    static Table newTable(Components components) throws Exception {
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(ORDERS.database(), true);
        return catalog.createTable(ORDERS, schema());
    }

    static Table openTable(Components components) throws IOException {
        return Catalogs.open(components).table(ORDERS);
    }

    /** A table whose protections are not all there. */
    static SnapshotChain chain(Components warehouse, Protections protections) throws Exception {
        return Catalogs.open(warehouse, protections).table(ORDERS).snapshots();
    }

    /** The snapshot that a draft becomes on top of the newest one. */
    static Snapshot publish(SnapshotChain chain, SnapshotDraft draft) throws Exception {
        return assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft))
                .snapshot();
    }

    /** A data file of some slices; nothing stands behind it. */
    static DataFile file(UUID id, int rows, int slices) {
        List<Slice> parts = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < slices; i++) {
            int end = (int) ((long) rows * (i + 1) / slices);
            if (end > first) {
                byte[] min = {(byte) i, 0, 0, 0, 0, 0, 0, 1};
                byte[] max = {(byte) i, 0, 0, 0, 0, 0, 0, 9};
                parts.add(new Slice(
                        Partition.NONE,
                        slices,
                        i,
                        first,
                        end - first,
                        new Slice.KeyRange(min, max, new KeyDigest(i, rows))));
                first = end;
            }
        }
        List<RowGroup> groups = List.of(
                new RowGroup(rows, List.of(new ChunkLocator(1, 4, 100, 0, 77), new ChunkLocator(2, 104, 200, 6, 78))));
        List<ColumnStats> stats = List.of(
                new ColumnStats(1, 0, Optional.of(new ColumnStats.Bounds(new byte[] {1}, new byte[] {2}))),
                new ColumnStats(2, rows, Optional.empty()));
        return new DataFile(
                new FileObject(id, "data/" + id + ".parquet", FileFormat.PARQUET, 1000, 900, 12345),
                new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                rows,
                parts,
                groups,
                stats);
    }

    /** A draft of one closed user that adds one file. */
    static SnapshotDraft append(DeltaIdentity identity, List<DataFile> added, List<FileMask> masks) {
        long rows = added.stream().mapToLong(DataFile::rowCount).sum();
        long masked = masks.stream().mapToLong(m -> m.positions().length).sum();
        return draft(SnapshotKind.APPEND, Optional.of(identity), added, Set.of(), masks, rows - masked);
    }

    static SnapshotDraft compact(List<DataFile> added, Set<UUID> removed, List<FileMask> masks) {
        return draft(SnapshotKind.COMPACT, Optional.empty(), added, removed, masks, 0);
    }

    /** Goes back to a snapshot, of which some files are brought back. */
    static SnapshotDraft rollback(Snapshot target, Set<UUID> renewed, DeltaIdentity identity) {
        return new SnapshotDraft(
                SnapshotKind.ROLLBACK,
                Optional.of(identity),
                0,
                NO_BASE,
                List.of(),
                Set.of(),
                List.of(),
                CommitChange.NONE,
                0,
                KeyDigest.ZERO,
                OptionalLong.empty(),
                Map.of(),
                Optional.of(new SnapshotDraft.Restored(target, renewed)));
    }

    static SnapshotDraft draft(
            SnapshotKind kind,
            Optional<DeltaIdentity> identity,
            List<DataFile> added,
            Set<UUID> removed,
            List<FileMask> masks,
            long rowCountDelta) {
        return new SnapshotDraft(
                kind,
                identity,
                0,
                NO_BASE,
                added,
                removed,
                masks,
                CommitChange.NONE,
                rowCountDelta,
                new KeyDigest(0, rowCountDelta),
                OptionalLong.empty(),
                Map.of(),
                Optional.empty());
    }

    /** The same, of files that were written while a snapshot was the newest. */
    static SnapshotDraft writtenAt(SnapshotDraft d, long base) {
        return new SnapshotDraft(
                d.kind(),
                d.identity(),
                d.schemaId(),
                base,
                d.added(),
                d.removed(),
                d.masks(),
                d.change(),
                d.rowCountDelta(),
                d.digestDelta(),
                d.watermark(),
                d.properties(),
                d.restored());
    }

    static SnapshotDraft withDeletes(SnapshotDraft d, List<BlockRef> deletes) {
        return new SnapshotDraft(
                d.kind(),
                d.identity(),
                d.schemaId(),
                d.base(),
                d.added(),
                d.removed(),
                d.masks(),
                new CommitChange(DeltaCounts.ZERO, deletes, 0, 0, Optional.empty()),
                d.rowCountDelta(),
                d.digestDelta(),
                d.watermark(),
                d.properties(),
                d.restored());
    }

    /** The only delta of a batch statement. */
    static DeltaIdentity batch(UUID delta) {
        return new DeltaIdentity("batch-" + delta, 0, 1, delta, Optional.empty(), true);
    }

    /** The only delta that a user has handed over so far, the user staying open. */
    static DeltaIdentity first(String user, int epoch, UUID delta) {
        return new DeltaIdentity(user, epoch, 1, delta, Optional.empty(), false);
    }
}
