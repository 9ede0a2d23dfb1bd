package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.spec.type.SchemaFile;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A golden file: its name, its record and the codec between the two.
 *
 * @param name file in {@code spec/golden}
 * @param object what it stands as; some records hold it
 * @param record supplies the record
 * @param encode record to bytes
 * @param decode bytes and object name to record
 */
record Golden(
        String name,
        String object,
        Supplier<Object> record,
        Function<Object, byte[]> encode,
        BiFunction<byte[], String, Object> decode) {
    private static final String BOUNDARY = "boundary/1";
    private static final String LEASE = "consumers/lease-3b241101-e2bb-4255-8caf-4136c566a962/3";

    static List<Golden> all() {
        return List.of(
                schema("schema.json", Optional.empty()),
                schema("schema-of-table.json", GoldenRecords.TABLE),
                snapshot("snapshot.json", Optional.empty()),
                snapshot("snapshot-of-table.json", GoldenRecords.TABLE),
                of(
                                "boundary.json",
                                () -> new Boundary(5, 1_700_000_060_000L),
                                (Boundary b) -> BoundaryCodec.write(b, BOUNDARY),
                                BoundaryCodec::read)
                        .as(BOUNDARY),
                of("slices.bin", GoldenRecords::slices, SliceCodec::write, SliceCodec::read),
                of("row-groups.bin", GoldenRecords::rowGroups, RowGroupCodec::write, RowGroupCodec::read),
                of("column-stats.bin", GoldenRecords::stats, ColumnStatsCodec::write, ColumnStatsCodec::read),
                of("data-file.bin", GoldenRecords::dataFile, DataFileCodec::write, DataFileCodec::read),
                of("file-entry.bin", GoldenRecords::fileEntry, FileEntryCodec::write, FileEntryCodec::read),
                of("mask-segment.bin", GoldenRecords::maskSegment, MaskSegmentCodec::write, MaskSegmentCodec::read),
                of("position-map.bin", GoldenRecords::positionMap, PositionMapCodec::write, PositionMapCodec::read),
                of(
                        "position-map-bytes.bin",
                        GoldenRecords::positionMapOfBytes,
                        PositionMapCodec::write,
                        PositionMapCodec::read),
                of("lease.json", GoldenRecords::lease, (Lease l) -> LeaseCodec.write(l, LEASE), LeaseCodec::read)
                        .as(LEASE),
                of("delete-block.bin", GoldenRecords::deleteBlock, DeleteBlockCodec::write, DeleteBlockCodec::read),
                of(
                        "delete-block-pairs.bin",
                        GoldenRecords::deleteBlockOfPairs,
                        DeleteBlockCodec::write,
                        DeleteBlockCodec::read),
                of(
                        "delete-block-text.bin",
                        GoldenRecords::deleteBlockOfText,
                        DeleteBlockCodec::write,
                        DeleteBlockCodec::read),
                of(
                        "found-positions.bin",
                        GoldenRecords::foundPositions,
                        FoundPositionsCodec::write,
                        (bytes, object) -> FoundPositionsCodec.read(
                                bytes, GoldenRecords.foundPositions().size(), object)),
                of("table-delta.bin", GoldenRecords::tableDelta, TableDeltaCodec::write, TableDeltaCodec::read),
                of("commit-delta.bin", GoldenRecords::commitDelta, CommitDeltaCodec::write, CommitDeltaCodec::read));
    }

    private static Golden schema(String name, Optional<UUID> table) {
        return of(name, () -> new SchemaFile(GoldenRecords.schema(), table), SchemaCodec::write, SchemaCodec::read);
    }

    private static Golden snapshot(String name, Optional<UUID> table) {
        return of(name, () -> GoldenRecords.snapshot(table), SnapshotCodec::write, SnapshotCodec::read);
    }

    @SuppressWarnings("unchecked")
    private static <T> Golden of(
            String name, Supplier<T> record, Function<T, byte[]> encode, BiFunction<byte[], String, T> decode) {
        return new Golden(name, "some/object", record::get, value -> encode.apply((T) value), decode::apply);
    }

    private Golden as(String place) {
        return new Golden(name, place, record, encode, decode);
    }

    boolean isJson() {
        return name.endsWith(".json");
    }

    @Override
    public String toString() {
        return name;
    }
}
