package io.streamhouse.spec.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.spec.table.MaskSegment;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RoundTripTest {
    private static final int RUNS = 200;

    private static <T> void roundTrips(
            String name,
            Function<RandomRecords, T> make,
            Function<T, byte[]> write,
            BiFunction<byte[], String, T> read) {
        long seed = Seeds.of("RoundTripTest." + name);
        for (int run = 0; run < RUNS; run++) {
            T value = make.apply(new RandomRecords(seed + run));
            byte[] bytes = write.apply(value);
            T back = read.apply(bytes, "object-" + run);
            assertEquals(DeepText.of(value), DeepText.of(back), () -> name);
            assertArrayEquals(bytes, write.apply(back), () -> name + " writes other bytes the second time");
        }
    }

    @Test
    void slicesComeBack() {
        roundTrips("slices", RandomRecords::slices, SliceCodec::write, SliceCodec::read);
    }

    @Test
    void rowGroupsComeBack() {
        roundTrips("rowGroups", RandomRecords::rowGroups, RowGroupCodec::write, RowGroupCodec::read);
    }

    @Test
    void columnStatsComeBack() {
        roundTrips("stats", RandomRecords::stats, ColumnStatsCodec::write, ColumnStatsCodec::read);
    }

    @Test
    void dataFilesComeBack() {
        roundTrips("dataFile", RandomRecords::dataFile, DataFileCodec::write, DataFileCodec::read);
    }

    @Test
    void fileEntriesComeBack() {
        roundTrips("fileEntry", RandomRecords::fileEntry, FileEntryCodec::write, FileEntryCodec::read);
    }

    @Test
    void maskSegmentsComeBack() {
        roundTrips("maskSegment", RandomRecords::maskSegment, MaskSegmentCodec::write, MaskSegmentCodec::read);
    }

    @Test
    void positionMapsComeBack() {
        roundTrips("positionMap", RandomRecords::positionMap, PositionMapCodec::write, PositionMapCodec::read);
    }

    @Test
    void boundariesComeBackAndOneWithoutTimeIsOld() {
        roundTrips(
                "boundary",
                RandomRecords::boundary,
                b -> BoundaryCodec.write(b, "boundary/1"),
                (bytes, object) -> BoundaryCodec.read(bytes, "boundary/1"));
        byte[] timeless = TwoLines.write(
                TwoLines.JSON.createObjectNode().put("format-version", 1).put("expired-through", 5));
        assertEquals(new Boundary(5, 0), BoundaryCodec.read(timeless, "boundary/1"));
    }

    @Test
    void aRecordThatStandsInAnothersPlaceIsRefused() {
        byte[] boundary = BoundaryCodec.write(new Boundary(5, 0), "boundary/1");
        byte[] lease = LeaseCodec.write(new Lease(5, 0, "x"), "consumers/lease-x/1");
        List<Executable> reads = List.of(
                () -> BoundaryCodec.read(boundary, "boundary/2"), () -> LeaseCodec.read(lease, "consumers/lease-y/1"));
        for (Executable read : reads) {
            assertEquals(
                    ErrorCode.CORRUPT_FILE,
                    assertThrows(StreamhouseException.class, read).code());
        }
    }

    @Test
    void leasesComeBack() {
        roundTrips(
                "lease",
                RandomRecords::lease,
                lease -> LeaseCodec.write(lease, "consumers/lease-x/1"),
                (bytes, object) -> LeaseCodec.read(bytes, "consumers/lease-x/1"));
    }

    @Test
    void deleteBlocksComeBack() {
        roundTrips("deleteBlock", RandomRecords::deleteBlock, DeleteBlockCodec::write, DeleteBlockCodec::read);
    }

    @Test
    void foundPositionsComeBack() {
        roundTrips(
                "found",
                RandomRecords::foundPositions,
                FoundPositionsCodec::write,
                // their number is the first of the body, one byte here
                (bytes, object) -> FoundPositionsCodec.read(bytes, bytes[6], object));
    }

    @Test
    void tableDeltasComeBack() {
        roundTrips("tableDelta", RandomRecords::tableDelta, TableDeltaCodec::write, TableDeltaCodec::read);
    }

    @Test
    void commitDeltasComeBack() {
        roundTrips("commitDelta", RandomRecords::commitDelta, CommitDeltaCodec::write, CommitDeltaCodec::read);
    }

    @Test
    void snapshotsComeBack() {
        roundTrips("snapshot", RandomRecords::snapshot, SnapshotCodec::write, SnapshotCodec::read);
    }

    @Test
    void schemasComeBack() {
        roundTrips("schema", RandomRecords::schemaFile, SchemaCodec::write, SchemaCodec::read);
    }

    @Test
    void theComparisonSeesADifference() {
        MaskSegment one = new RandomRecords(7).maskSegment();
        MaskSegment other = new MaskSegment(one.fromSnapshot(), one.toSnapshot() + 1, one.masks());
        assertNotEquals(DeepText.of(one), DeepText.of(other));
    }
}
