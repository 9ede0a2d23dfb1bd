package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SplitCodecTest {
    private static List<byte[]> scans(TestTable t) throws IOException {
        return TableScan.of(t.table).plan().splits().stream()
                .map(ScanSplitCodec::write)
                .toList();
    }

    private static List<byte[]> changes(TestTable t) throws IOException {
        List<byte[]> out = new ArrayList<>();
        for (ChangelogShape shape : ChangelogShape.values()) {
            ChangelogPlanner planner = ChangelogPlanner.of(t.table, shape);
            for (long id = 1; id <= t.model.head(); id++) {
                planner.splitsOf(id).forEach(s -> out.add(ChangeSplitCodec.write(s)));
            }
            planner.fullSplitsOf(t.model.head()).forEach(s -> out.add(ChangeSplitCodec.write(s)));
        }
        return out;
    }

    private static TestTable history(long seed) throws IOException {
        TestTable t = new TestTable(TestTable.orders(List.of("region"), 2), seed, 1);
        RandomGenerator random = Seeds.random(seed);
        for (int c = 0; c < 5; c++) {
            t.commit(0, t.randomWrites(random, 40, 50));
        }
        return t;
    }

    @Test
    void splitsReadBackToTheSameBytes() throws IOException {
        try (TestTable t = history(21)) {
            for (byte[] bytes : scans(t)) {
                assertArrayEquals(bytes, ScanSplitCodec.write(ScanSplitCodec.read(bytes)));
            }
            List<byte[]> changes = changes(t);
            assertTrue(changes.size() > 40);
            for (byte[] bytes : changes) {
                ChangeSplit split = ChangeSplitCodec.read(bytes);
                assertArrayEquals(bytes, ChangeSplitCodec.write(split));
            }
        }
    }

    @Test
    void everyFlippedBitAndEveryTruncationIsRefused() throws IOException {
        try (TestTable t = history(22)) {
            damaged(scans(t).get(0), ScanSplitCodec::read);
            damaged(changes(t).get(3), ChangeSplitCodec::read);
        }
    }

    private static void damaged(byte[] bytes, Consumer<byte[]> read) {
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            TableScanTest.refused(ErrorCode.CORRUPT_FILE, () -> read.accept(flipped));
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            TableScanTest.refused(ErrorCode.CORRUPT_FILE, () -> read.accept(cut));
        }
    }

    @Test
    void anotherVersionIsRefusedByName() {
        ByteOutput out = new ByteOutput();
        out.writeByte(ScanSplitCodec.VERSION + 1);
        out.writeFixed32(out.crc());
        TableScanTest.refused(ErrorCode.UNKNOWN_VERSION, () -> ScanSplitCodec.read(out.toByteArray()));
        TableScanTest.refused(ErrorCode.UNKNOWN_VERSION, () -> ChangeSplitCodec.read(out.toByteArray()));
    }

    @Test
    void garbageWithARightChecksumIsNoRawError() {
        RandomGenerator random = Seeds.random(Seeds.of("SplitCodecTest"));
        for (int round = 0; round < 2000; round++) {
            ByteOutput out = new ByteOutput();
            out.writeByte(ScanSplitCodec.VERSION);
            byte[] garbage = new byte[random.nextInt(60)];
            random.nextBytes(garbage);
            out.writeRaw(garbage, 0, garbage.length);
            out.writeFixed32(out.crc());
            TableScanTest.refused(ErrorCode.CORRUPT_FILE, () -> ScanSplitCodec.read(out.toByteArray()));
            TableScanTest.refused(ErrorCode.CORRUPT_FILE, () -> ChangeSplitCodec.read(out.toByteArray()));
        }
        assertEquals(1, ChangeSplitCodec.VERSION);
    }
}
