package io.streamhouse.spec.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SnapshotKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Primitives and sizes: nothing is allocated that the bytes cannot fill. */
class BoundsTest {
    private static void corrupt(Executable read) {
        StreamhouseException e = assertThrows(StreamhouseException.class, read);
        assertEquals(ErrorCode.CORRUPT_FILE, e.code());
    }

    private static ByteInput input(Consumer<ByteOutput> write) {
        ByteOutput out = new ByteOutput();
        write.accept(out);
        return new ByteInput(out.toByteArray(), "object");
    }

    @Test
    void numbersComeBack() {
        Random random = Seeds.random("BoundsTest.numbers");
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            assertEquals(value, input(o -> o.writeUnsigned(value)).readUnsigned());
            assertEquals(value, input(o -> o.writeZigzag(value)).readZigzag());
            assertEquals(value, input(o -> o.writeFixed64(value)).readFixed64());
            assertEquals((int) value, input(o -> o.writeFixed32((int) value)).readFixed32());
        }
        for (long edge : new long[] {0, 127, 128, 16_383, 16_384, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertEquals(edge, input(o -> o.writeUnsigned(edge)).readUnsigned());
            assertEquals(edge, input(o -> o.writeZigzag(edge)).readZigzag());
        }
        assertEquals("ä😀\u0000", input(o -> o.writeString("ä😀\u0000")).readString());
    }

    @Test
    void fixedNumbersAreLittleEndianAndUuidsBigEndian() {
        ByteOutput out = new ByteOutput();
        out.writeFixed32(0x01020304);
        out.writeVarint(300);
        out.writeZigzag(-2);
        out.writeUuid(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L));
        byte[] expected = {4, 3, 2, 1, (byte) 0xac, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        assertArrayEquals(expected, out.toByteArray());
    }

    @Test
    void overlongAndUnendingNumbersAreRefused() {
        corrupt(() -> new ByteInput(new byte[] {(byte) 0x80, 0}, "o").readUnsigned());
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0xff);
        corrupt(() -> new ByteInput(endless, "o").readUnsigned());
        endless[9] = 2;
        corrupt(() -> new ByteInput(endless, "o").readUnsigned());
        corrupt(() -> input(o -> o.writeUnsigned(-1)).readVarint());
        corrupt(() -> input(o -> o.writeUnsigned(1L << 31)).readInt());
        corrupt(() -> input(o -> o.writeByte(2)).readBoolean());
        corrupt(() -> new ByteInput(new byte[3], "o").readFixed32());
        corrupt(() -> new ByteInput(new byte[] {2, (byte) 0xc3, 0x28}, "o").readString());
    }

    @Test
    void countsCannotExceedWhatTheBytesCanHold() {
        corrupt(() -> input(o -> o.writeVarint(Long.MAX_VALUE)).readCount(1));
        corrupt(() -> input(o -> {
                    o.writeVarint(3);
                    o.writeFixed64(0);
                })
                .readCount(3));
        assertEquals(
                2,
                input(o -> {
                            o.writeVarint(2);
                            o.writeFixed64(0);
                        })
                        .readCount(4));
        corrupt(() -> input(o -> o.writeVarint(Integer.MAX_VALUE)).readBytes());
    }

    @Test
    void foundPositionsOfAnUnexpectedNumberOfKeysAreRefused() {
        byte[] bytes = FoundPositionsCodec.write(FoundPositions.none(1000));
        assertEquals(1000, FoundPositionsCodec.read(bytes, 1000, "o").size());
        corrupt(() -> FoundPositionsCodec.read(bytes, 999, "o"));
        assertTrue(bytes.length < 20, "nothing found costs nothing");
    }

    @Test
    void removalsBeyondTheRowsThatHaveNoPositionAreRefused() {
        byte[] none = FoundPositionsCodec.write(FoundPositions.none(100_000));
        corrupt(() -> FoundPositionsCodec.readWithRemovals(none, 1000, "o"));
        FoundPositions hits = new FoundPositions(List.of(new UUID(1, 1)), new int[] {-1, 0, 0}, new int[] {0, 7, 9});
        byte[] bytes = FoundPositionsCodec.write(hits);
        assertEquals(3, FoundPositionsCodec.readWithRemovals(bytes, 1, "o").size());
        corrupt(() -> FoundPositionsCodec.readWithRemovals(bytes, 0, "o"));
        corrupt(() -> FoundPositionsCodec.readWithRemovals(bytes, 4, "o"));
    }

    @Test
    void masksMustAscend() {
        UUID a = new UUID(1, 1);
        UUID b = new UUID(-1, 1);
        MaskSegment descending = new MaskSegment(1, 1, List.of(new FileMask(a, new int[] {3, 3})));
        assertThrows(IllegalArgumentException.class, () -> MaskSegmentCodec.write(descending));
        MaskSegment files =
                new MaskSegment(1, 1, List.of(new FileMask(b, new int[] {3}), new FileMask(a, new int[] {3})));
        assertThrows(IllegalArgumentException.class, () -> MaskSegmentCodec.write(files));
    }

    @Test
    void versionOneHoldsRowsOnly() {
        DataFile file = GoldenRecords.dataFile();
        for (ContentType content : ContentType.values()) {
            DataFile.Origin origin = new DataFile.Origin(0, content, FileSource.APPEND, 0);
            DataFile other =
                    new DataFile(file.object(), origin, file.rowCount(), file.slices(), file.rowGroups(), file.stats());
            if (content != ContentType.DATA) {
                assertThrows(IllegalArgumentException.class, () -> DataFileCodec.write(other));
            }
        }
    }

    @Test
    void codesOfConstantsNeverMove() {
        assertEquals("[PARQUET, ORC]", Arrays.toString(FileFormat.values()));
        assertEquals("[APPEND, COMPACT]", Arrays.toString(FileSource.values()));
        assertEquals("[DATA, TOMBSTONE, OPERANDS, CORRECTION]", Arrays.toString(ContentType.values()));
        assertEquals(
                "[APPEND, ROW_DELTA, COMPACT, OVERWRITE, ROLLBACK, SCHEMA, FENCE]",
                Arrays.toString(SnapshotKind.values()));
    }
}
