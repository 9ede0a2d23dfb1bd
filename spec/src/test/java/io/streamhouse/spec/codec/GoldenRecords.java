package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.table.Tail;
import io.streamhouse.spec.table.TreeRefs;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.spec.type.TypeRoot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The records of the golden files: one small partitioned table of orders after its seventh commit. */
final class GoldenRecords {
    static final UUID OLD_FILE = UUID.fromString("11111111-2222-4333-8444-555555555555");
    static final UUID NEW_FILE = UUID.fromString("f0e0d0c0-b0a0-4090-8070-605040302010");
    static final Optional<UUID> TABLE = Optional.of(UUID.fromString("7ab1e000-0000-4000-8000-00000000007a"));
    private static final UUID DELTA = UUID.fromString("0a0b0c0d-0e0f-4a0b-8c0d-0e0f10111213");
    private static final UUID PREDECESSOR = UUID.fromString("22222222-0000-4000-8000-000000000002");
    private static final String USER = "5d3c1f8e-6a5b-4c7d-9e8f-001122334455";
    private static final KeyDigest DIGEST = new KeyDigest(0x0123456789abcdefL, 0xfedcba9876543210L);

    private GoldenRecords() {}

    /** Partition tuple of region = text. */
    private static Partition region(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[utf8.length + 3];
        out[0] = 1;
        System.arraycopy(utf8, 0, out, 1, utf8.length);
        return new Partition(out);
    }

    private static byte[] key(long value) {
        return KeyColumn.ofLongs(1, 1, new long[] {value}).canonical(0);
    }

    static List<Slice> slices() {
        return List.of(
                new Slice(region("north"), 4, 0, 0, 300, new Slice.KeyRange(key(-5), key(900), DIGEST)),
                new Slice(region("north"), 4, 3, 300, 1, new Slice.KeyRange(key(7), key(7), DIGEST)),
                new Slice(region("süd"), 4, 0, 301, 20_000, new Slice.KeyRange(key(1), key(1L << 40), KeyDigest.ZERO)));
    }

    static List<RowGroup> rowGroups() {
        return List.of(
                new RowGroup(
                        20_000,
                        List.of(new ChunkLocator(1, 4, 1000, 0, 0x01020304), new ChunkLocator(2, 1004, 70_000, 6, -1))),
                new RowGroup(
                        301, List.of(new ChunkLocator(1, 71_004, 90, 0, 7), new ChunkLocator(2, 71_100, 33, 6, 8))));
    }

    static List<ColumnStats> stats() {
        return List.of(
                new ColumnStats(
                        1,
                        0,
                        Optional.of(new ColumnStats.Bounds(
                                new byte[] {-5, -1, -1, -1, -1, -1, -1, -1}, new byte[] {0, 0, 0, 0, 0, 1, 0, 0}))),
                new ColumnStats(2, 20_301, Optional.empty()));
    }

    static DataFile dataFile() {
        FileObject object = new FileObject(
                NEW_FILE, "data/" + NEW_FILE + ".parquet", FileFormat.PARQUET, 75_000, 71_133, 0xcafebabe);
        DataFile.Origin origin = new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 2);
        return new DataFile(object, origin, 20_301, slices(), rowGroups(), stats());
    }

    static FileEntry fileEntry() {
        return new FileEntry(dataFile(), 7, 7, 100_000);
    }

    static MaskSegment maskSegment() {
        return new MaskSegment(
                6,
                7,
                List.of(
                        new FileMask(OLD_FILE, new int[] {0, 1, 5, 300, 1_000_000}),
                        new FileMask(NEW_FILE, new int[] {Integer.MAX_VALUE})));
    }

    private static List<PositionMap.Input> mapInputs() {
        return List.of(
                new PositionMap.Input(OLD_FILE, 3, 7, new int[] {0, 5}),
                new PositionMap.Input(NEW_FILE, 7, 300, new int[] {}));
    }

    static PositionMap positionMap() {
        byte[] inputOf = new byte[305];
        java.util.Arrays.fill(inputOf, (byte) 1);
        for (int row : new int[] {0, 1, 100, 303, 304}) {
            inputOf[row] = 0;
        }
        return new PositionMap(
                mapInputs(),
                List.of(new PositionMap.Output(DELTA, 200), new PositionMap.Output(PREDECESSOR, 105)),
                inputOf);
    }

    static PositionMap positionMapOfBytes() {
        return new PositionMap(
                List.of(
                        new PositionMap.Input(OLD_FILE, 3, 3, new int[] {1}),
                        new PositionMap.Input(NEW_FILE, 7, 2, new int[] {})),
                List.of(new PositionMap.Output(DELTA, 4)),
                new byte[] {0, 1, 0, 1});
    }

    static Lease lease() {
        return new Lease(41, 1_700_000_600_000L, "UPDATE of shop.orders");
    }

    private static List<DeleteBlock.Group> groups() {
        return List.of(
                new DeleteBlock.Group(region("north"), 4, 0, 0, 2), new DeleteBlock.Group(region("north"), 4, 1, 2, 1));
    }

    static DeleteBlock deleteBlock() {
        return new DeleteBlock(groups(), KeyColumn.ofLongs(1, 3, new long[] {-5, 900, 42}));
    }

    static DeleteBlock deleteBlockOfPairs() {
        return new DeleteBlock(groups(), KeyColumn.ofLongs(2, 3, new long[] {-5, 1, -5, 2, 42, Long.MIN_VALUE}));
    }

    static DeleteBlock deleteBlockOfText() {
        byte[] data = "order-1\0\0order-17\0\0x\0\0".getBytes(StandardCharsets.US_ASCII);
        return new DeleteBlock(groups(), KeyColumn.ofBytes(3, data, new int[] {0, 9, 19, 22}));
    }

    static FoundPositions foundPositions() {
        return new FoundPositions(
                List.of(OLD_FILE, NEW_FILE), new int[] {-1, 0, 0, -1, 1, -1}, new int[] {0, 300, 5, 0, 1_000_000, 0});
    }

    static TableDelta tableDelta() {
        DeltaCounts counts = new DeltaCounts(20_298, 3, 2, DIGEST, KeyDigest.ZERO);
        return new TableDelta(
                1,
                6,
                2,
                List.of(dataFile()),
                false,
                counts,
                new BlockRef.Inline(DeleteBlockCodec.write(deleteBlock())),
                new BlockRef.Stored("data/" + NEW_FILE + ".parquet", 71_133, 4_000, 0x0badf00d));
    }

    static CommitDelta commitDelta() {
        DeltaIdentity identity = new DeltaIdentity(USER, 3, 41, DELTA, Optional.of(PREDECESSOR), false);
        TableDelta keyless = new TableDelta(
                2,
                6,
                2,
                List.of(),
                true,
                DeltaCounts.ZERO,
                new BlockRef.Inline(new byte[0]),
                new BlockRef.Inline(new byte[0]));
        return new CommitDelta(identity, OptionalLong.of(-1), List.of(tableDelta(), keyless));
    }

    /** A snapshot of a table, or of one that is older than identities. */
    static Snapshot snapshot(Optional<UUID> table) {
        SnapshotHeader header = new SnapshotHeader(
                7,
                6,
                0x00c0ffee,
                UUID.fromString("77777777-0000-4000-8000-000000000007"),
                SnapshotKind.APPEND,
                2,
                1_700_000_000_123L,
                table);
        CommitMap commits = new CommitMap(Map.of(
                USER,
                new UserState(3, 40, 41, List.of(PREDECESSOR, DELTA), OptionalLong.of(-1), 1_700_000_000_123L, false),
                "nightly load \"ä\"",
                new UserState(0, 0, 1, List.of(OLD_FILE), OptionalLong.empty(), 1_699_999_999_000L, true)));
        byte[] segment = MaskSegmentCodec.write(maskSegment());
        TreeRefs tree = new TreeRefs(
                List.of(new ManifestRef(
                        "manifest/33333333-0000-4000-8000-000000000003.parquet",
                        4_321,
                        0x80000001,
                        12,
                        new ManifestRef.Range(region("north"), region("süd"), 0, 3, 1, 5))),
                List.of(
                        new SegmentRef(
                                2,
                                5,
                                9,
                                1_234,
                                new BlockRef.Stored("mask/44444444-0000-4000-8000-000000000004", 0, 3_000, 99)),
                        new SegmentRef(6, 7, 2, 6, new BlockRef.Inline(segment))),
                new Tail(List.of(fileEntry()), List.of(OLD_FILE)),
                4);
        CommitChange change = new CommitChange(
                new DeltaCounts(20_298, 3, 2, DIGEST, KeyDigest.ZERO),
                List.of(
                        new BlockRef.Inline(DeleteBlockCodec.write(deleteBlock())),
                        new BlockRef.Stored("data/" + NEW_FILE + ".parquet", 71_133, 4_000, 0x0badf00d)),
                20_000,
                1,
                Optional.empty());
        return new Snapshot(
                header,
                new Snapshot.Author(USER, 41),
                commits,
                tree,
                change,
                new Snapshot.Totals(120_298, DIGEST, 120_301),
                new Cleaned(1_699_395_199_000L, 3),
                Map.of("engine", "flink", "job", "ods → orders"));
    }

    static TableSchema schema() {
        List<Field> fields = List.of(
                new Field(1, "o_orderkey", DataType.bigint(), false),
                new Field(2, "region", DataType.string(), false, "sales region"),
                new Field(3, "o_totalprice", DataType.decimal(12, 2), true),
                new Field(5, "o_status", new DataType(TypeRoot.CHAR, 1, 0), true),
                new Field(6, "changed_at", new DataType(TypeRoot.TIMESTAMP_LTZ, 3, 0), true),
                new Field(7, "größe", new DataType(TypeRoot.VARBINARY, 16, 0), true));
        TableSchema created = TableSchema.create(
                fields, List.of("o_orderkey", "region"), List.of("region"), List.of(), 4, Map.of("bucket", "4"));
        return new TableSchema(2, 7, fields, created.layout(), created.options(), "orders as they come");
    }
}
