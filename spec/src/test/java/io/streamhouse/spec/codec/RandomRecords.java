package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Boundary;
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
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.spec.type.TypeRoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random records of every kind, small ones and edge values often. */
final class RandomRecords {
    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    private <T> List<T> list(int max, Supplier<T> element) {
        List<T> out = new ArrayList<>();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            out.add(element.get());
        }
        return out;
    }

    long number() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            case 2 -> random.nextInt(300);
            default -> random.nextLong() >>> (1 + random.nextInt(63));
        };
    }

    private long signed() {
        return random.nextBoolean() ? number() : ~number();
    }

    private int integer() {
        return random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt() >>> (1 + random.nextInt(31));
    }

    private String text() {
        String alphabet = "aZ09_-/ \u0000\n\"\\ä水😀";
        int[] points = alphabet.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            out.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return out.toString();
    }

    private byte[] bytes(int max) {
        byte[] out = new byte[random.nextInt(max + 1)];
        random.nextBytes(out);
        return out;
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private KeyDigest digest() {
        return new KeyDigest(random.nextLong(), random.nextLong());
    }

    private Partition partition() {
        return random.nextBoolean() ? Partition.NONE : new Partition(bytes(3));
    }

    List<Slice> slices() {
        List<Slice> out = new ArrayList<>();
        int row = 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            int modulus = 1 + random.nextInt(9);
            int rows = 1 + random.nextInt(1 << random.nextInt(20));
            Slice.KeyRange keys = new Slice.KeyRange(bytes(9), bytes(9), digest());
            out.add(new Slice(partition(), modulus, random.nextInt(modulus), row, rows, keys));
            row += rows;
        }
        return out;
    }

    List<RowGroup> rowGroups() {
        return list(3, () -> new RowGroup(integer(), list(4, this::chunk)));
    }

    private ChunkLocator chunk() {
        return new ChunkLocator(integer(), number() >>> 2, integer(), random.nextInt(8), random.nextInt());
    }

    List<ColumnStats> stats() {
        return list(
                4,
                () -> new ColumnStats(
                        integer(),
                        number(),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new ColumnStats.Bounds(bytes(8), bytes(8)))));
    }

    DataFile dataFile() {
        long size = number();
        long footer = size == 0 ? 0 : Math.floorMod(random.nextLong(), size);
        FileObject object = new FileObject(uuid(), text(), pick(FileFormat.values()), size, footer, random.nextInt());
        List<Slice> slices = slices();
        int rows = slices.isEmpty() ? 0 : slices.get(slices.size() - 1).endRow();
        DataFile.Origin origin =
                new DataFile.Origin(random.nextInt(6), ContentType.DATA, pick(FileSource.values()), integer());
        return new DataFile(object, origin, rows, slices, rowGroups(), stats());
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    FileEntry fileEntry() {
        long added = number();
        long born = added == 0 ? 0 : Math.floorMod(random.nextLong(), added);
        return new FileEntry(dataFile(), added, born, number());
    }

    MaskSegment maskSegment() {
        long from = number() >>> 1;
        TreeSet<UUID> files = new TreeSet<>(MaskSegmentCodec::compare);
        files.addAll(list(5, this::uuid));
        List<FileMask> masks = new ArrayList<>();
        for (UUID f : files) {
            TreeSet<Integer> positions = new TreeSet<>(list(20, this::integer));
            positions.add(random.nextInt(100));
            masks.add(new FileMask(f, positions.stream().mapToInt(i -> i).toArray()));
        }
        return new MaskSegment(from, from + random.nextInt(100), masks);
    }

    PositionMap positionMap() {
        int inputs = random.nextInt(5);
        int run = 1 + random.nextInt(40);
        int rows = inputs == 0 ? 0 : random.nextInt(500);
        byte[] inputOf = new byte[rows];
        int[] counts = new int[inputs];
        for (int i = 0; i < rows; i++) {
            inputOf[i] = i % run == 0 ? (byte) random.nextInt(inputs) : inputOf[i - 1];
            counts[inputOf[i]]++;
        }
        List<PositionMap.Input> in = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            int[] masked = IntStream.range(0, counts[i] + 20)
                    .filter(p -> random.nextInt(4) == 0)
                    .toArray();
            in.add(new PositionMap.Input(uuid(), number(), counts[i] + masked.length, clipped(masked, counts[i])));
        }
        int first = rows == 0 ? 0 : random.nextInt(rows);
        return new PositionMap(
                in,
                List.of(new PositionMap.Output(uuid(), first), new PositionMap.Output(uuid(), rows - first)),
                inputOf);
    }

    /** As many positions, all below the number of rows that there are with them. */
    private static int[] clipped(int[] masked, int kept) {
        int[] out = masked.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.min(out[i], kept + i);
        }
        return out;
    }

    Boundary boundary() {
        return new Boundary(number(), number());
    }

    Lease lease() {
        return new Lease(number(), number(), text());
    }

    DeleteBlock deleteBlock() {
        int words = random.nextInt(3);
        List<DeleteBlock.Group> groups = new ArrayList<>();
        int first = 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            int modulus = 1 + random.nextInt(9);
            int count = 1 + random.nextInt(10);
            groups.add(new DeleteBlock.Group(partition(), modulus, random.nextInt(modulus), first, count));
            first += count;
        }
        return new DeleteBlock(groups, words == 0 ? stringKeys(first) : longKeys(first, words));
    }

    private KeyColumn longKeys(int size, int words) {
        long[] longs = new long[size * words];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = random.nextInt(5) == 0 ? Long.MIN_VALUE : signed();
        }
        return KeyColumn.ofLongs(words, size, longs);
    }

    private KeyColumn stringKeys(int size) {
        ByteOutput data = new ByteOutput();
        int[] offsets = new int[size + 1];
        byte[] prefix = new byte[random.nextInt(600)];
        for (int i = 0; i < size; i++) {
            data.writeRaw(prefix, 0, random.nextInt(prefix.length + 1));
            byte[] rest = bytes(5);
            data.writeRaw(rest, 0, rest.length);
            offsets[i + 1] = data.size();
        }
        return KeyColumn.ofBytes(size, data.toByteArray(), offsets);
    }

    FoundPositions foundPositions() {
        List<UUID> files = list(4, this::uuid);
        int n = random.nextInt(50);
        FoundPositions none = FoundPositions.none(n);
        int[] ordinals = none.ordinals().clone();
        int[] positions = new int[n];
        for (int i = 0; i < n && !files.isEmpty(); i++) {
            if (random.nextBoolean()) {
                ordinals[i] = random.nextInt(files.size());
                positions[i] = integer();
            }
        }
        return new FoundPositions(files, ordinals, positions);
    }

    private BlockRef block() {
        return random.nextBoolean()
                ? new BlockRef.Inline(bytes(40))
                : new BlockRef.Stored(text(), number(), integer(), random.nextInt());
    }

    private DeltaCounts counts() {
        return new DeltaCounts(number(), number(), number(), digest(), digest());
    }

    TableDelta tableDelta() {
        return new TableDelta(
                integer(),
                number(),
                integer(),
                list(3, this::dataFile),
                random.nextBoolean(),
                counts(),
                block(),
                block());
    }

    CommitDelta commitDelta() {
        DeltaIdentity identity = new DeltaIdentity(
                text(),
                integer(),
                signed(),
                uuid(),
                random.nextBoolean() ? Optional.empty() : Optional.of(uuid()),
                random.nextBoolean());
        return new CommitDelta(identity, watermark(), list(3, this::tableDelta));
    }

    private OptionalLong watermark() {
        return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(signed());
    }

    Snapshot snapshot() {
        long id = 1 + (number() >>> 1);
        SnapshotHeader header = new SnapshotHeader(
                id,
                id - 1,
                random.nextInt(),
                uuid(),
                pick(SnapshotKind.values()),
                integer(),
                signed(),
                random.nextBoolean() ? Optional.empty() : Optional.of(uuid()));
        Map<String, UserState> users = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            users.put(
                    text(),
                    new UserState(
                            integer(),
                            signed(),
                            signed(),
                            list(UserState.KEPT_DELTAS, this::uuid),
                            watermark(),
                            signed(),
                            random.nextBoolean()));
        }
        TreeRefs tree = new TreeRefs(
                list(3, this::manifest),
                list(3, () -> new SegmentRef(number(), number(), integer(), number(), block())),
                new Tail(list(3, this::fileEntry), list(3, this::uuid)),
                number());
        Map<String, String> properties = new TreeMap<>();
        list(3, this::text).forEach(k -> properties.put(k, text()));
        return new Snapshot(
                header,
                new Snapshot.Author(text(), signed()),
                new CommitMap(users),
                tree,
                new CommitChange(
                        counts(),
                        list(3, this::block),
                        number(),
                        integer(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(block())),
                new Snapshot.Totals(number(), digest(), number()),
                random.nextBoolean() ? Cleaned.NOTHING : new Cleaned(number(), number()),
                properties);
    }

    private ManifestRef manifest() {
        ManifestRef.Range range =
                new ManifestRef.Range(partition(), partition(), integer(), integer(), number(), number());
        return new ManifestRef(text(), number(), random.nextInt(), integer(), range);
    }

    private DataType type() {
        TypeRoot root = pick(TypeRoot.values());
        return switch (root) {
            case DECIMAL -> {
                int precision = 1 + random.nextInt(38);
                yield DataType.decimal(precision, random.nextInt(precision + 1));
            }
            case CHAR, VARCHAR, BINARY, VARBINARY ->
                new DataType(root, random.nextBoolean() ? DataType.UNBOUNDED : 1 + random.nextInt(300), 0);
            case TIME -> new DataType(root, random.nextInt(7), 0);
            case TIMESTAMP, TIMESTAMP_LTZ -> new DataType(root, random.nextInt(10), 0);
            default -> DataType.of(root);
        };
    }

    SchemaFile schemaFile() {
        return new SchemaFile(schema(), random.nextBoolean() ? Optional.empty() : Optional.of(uuid()));
    }

    private TableSchema schema() {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i <= 2 + random.nextInt(20); i++) {
            fields.add(new Field(
                    0,
                    "c" + i + "_" + text().strip().replaceAll("\\p{Cntrl}", ""),
                    type(),
                    random.nextBoolean(),
                    text()));
        }
        fields.set(0, new Field(0, "key", DataType.bigint(), false));
        boolean keyed = random.nextBoolean();
        return TableSchema.create(
                        fields,
                        keyed ? List.of("key") : List.of(),
                        List.of(),
                        List.of("key"),
                        1 + random.nextInt(9),
                        Map.of("write-buffer-size", text(), "bucket", "4"))
                .withComment(text());
    }
}
