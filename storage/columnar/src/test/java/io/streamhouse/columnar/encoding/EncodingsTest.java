package io.streamhouse.columnar.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;

/** Our encodings against parquet-java's, both ways. */
class EncodingsTest {
    private static final int ROUNDS = 300;

    private static long[] randomLongs(Random random, boolean wide) {
        int count = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(700);
        int shift = random.nextInt(64);
        boolean climbing = random.nextBoolean();
        long[] values = new long[count];
        long last = 0;
        for (int i = 0; i < count; i++) {
            long step = random.nextLong() >> shift;
            last = climbing ? last + step : step;
            values[i] = wide ? last : (int) last;
        }
        return values;
    }

    @Test
    void deltaPackedLongsAreParquets() throws Exception {
        long seed = Seeds.of("encodings-delta-long");
        for (int round = 0; round < ROUNDS; round++) {
            long[] values = randomLongs(new Random(seed + round), true);
            ByteSink sink = new ByteSink(0);
            DeltaPacked.write(sink, values, values.length, true);
            assertArrayEquals(values, theirs(sink.toByteArray(), values.length, true));
            try (var theirs =
                    new DeltaBinaryPackingValuesWriterForLong(128, 4, 64, 1 << 20, new HeapByteBufferAllocator())) {
                for (long v : values) {
                    theirs.writeLong(v);
                }
                byte[] bytes = bytes(theirs.getBytes());
                long[] ours = new long[values.length];
                ByteSource source = new ByteSource(bytes, 0, bytes.length);
                DeltaPacked.read(source, ours.length, ours);
                assertArrayEquals(values, ours);
                assertEquals(0, source.remaining());
            }
        }
    }

    @Test
    void deltaPackedIntsAreParquets() throws Exception {
        long seed = Seeds.of("encodings-delta-int");
        for (int round = 0; round < ROUNDS; round++) {
            long[] values = randomLongs(new Random(seed + round), false);
            ByteSink sink = new ByteSink(0);
            DeltaPacked.write(sink, values, values.length, false);
            assertArrayEquals(values, theirs(sink.toByteArray(), values.length, false));
            try (var theirs =
                    new DeltaBinaryPackingValuesWriterForInteger(128, 4, 64, 1 << 20, new HeapByteBufferAllocator())) {
                for (long v : values) {
                    theirs.writeInteger((int) v);
                }
                byte[] bytes = bytes(theirs.getBytes());
                int[] ours = new int[values.length];
                DeltaPacked.read(new ByteSource(bytes, 0, bytes.length), ours.length, ours);
                assertArrayEquals(values, Arrays.stream(ours).asLongStream().toArray());
            }
        }
    }

    private static byte[] bytes(BytesInput input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        input.writeAllTo(out);
        return out.toByteArray();
    }

    private static long[] theirs(byte[] bytes, int count, boolean wide) throws IOException {
        DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
        reader.initFromPage(count, ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes)));
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = wide ? reader.readLong() : reader.readInteger();
        }
        return values;
    }

    @Test
    void runLengthsAreParquets() throws Exception {
        long seed = Seeds.of("encodings-run-length");
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            int width = random.nextInt(33);
            int[] values = new int[random.nextInt(500)];
            for (int i = 0; i < values.length; i++) {
                boolean repeat = i > 0 && random.nextInt(10) > 0;
                values[i] = repeat ? values[i - 1] : width == 0 ? 0 : random.nextInt() >>> (32 - width);
            }
            if (width == 32) {
                Arrays.setAll(values, i -> values[i] & Integer.MAX_VALUE);
            }
            ByteSink sink = new ByteSink(0);
            RunLength.write(sink, values, values.length, width);
            RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(
                    width, ByteBufferInputStream.wrap(ByteBuffer.wrap(sink.toByteArray())));
            for (int value : values) {
                assertEquals(value, decoder.readInt());
            }
            try (var encoder =
                    new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, new HeapByteBufferAllocator())) {
                for (int v : values) {
                    encoder.writeInt(v);
                }
                byte[] bytes = bytes(encoder.toBytes());
                int[] ours = new int[values.length];
                RunLength.read(new ByteSource(bytes, 0, bytes.length), width, ours.length, ours);
                assertArrayEquals(values, ours);
            }
        }
    }

    @Test
    void levelsAreParquetsRunLengthsOfWidthOne() throws Exception {
        long seed = Seeds.of("encodings-levels");
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            int rows = 1 + random.nextInt(400);
            long[] nulls = new long[(rows + 63) >>> 6];
            try (var encoder = new RunLengthBitPackingHybridEncoder(1, 64, 1 << 20, new HeapByteBufferAllocator())) {
                boolean last = false;
                boolean any = false;
                for (int i = 0; i < rows; i++) {
                    last = random.nextInt(12) == 0 ? random.nextBoolean() : last;
                    any |= last;
                    nulls[i >>> 6] |= (last ? 1L : 0L) << i;
                    encoder.writeInt(last ? 0 : 1);
                }
                byte[] theirs = bytes(encoder.toBytes());
                long[] expected = any ? nulls : null;
                assertArrayEquals(expected, RunLength.readLevels(new ByteSource(theirs, 0, theirs.length), rows));
                ByteSink sink = new ByteSink(0);
                RunLength.writeLevels(sink, expected, rows);
                byte[] ours = sink.toByteArray();
                assertArrayEquals(expected, RunLength.readLevels(new ByteSource(ours, 0, ours.length), rows));
                RunLengthBitPackingHybridDecoder decoder =
                        new RunLengthBitPackingHybridDecoder(1, ByteBufferInputStream.wrap(ByteBuffer.wrap(ours)));
                for (int i = 0; i < rows; i++) {
                    assertEquals((nulls[i >>> 6] >>> i) & 1, 1 - decoder.readInt());
                }
            }
        }
    }

    @Test
    void bitsOfEveryWidthComeBack() {
        Random random = new Random(Seeds.of("encodings-bits"));
        for (int width = 0; width <= 64; width++) {
            long mask = width == 64 ? -1L : (1L << width) - 1;
            long[] values = new long[1 + random.nextInt(100)];
            Arrays.setAll(values, i -> random.nextLong() & mask);
            ByteSink sink = new ByteSink(0);
            sink.putPacked(values, 0, values.length, width);
            long[] out = new long[values.length];
            byte[] bytes = sink.toByteArray();
            new ByteSource(bytes, 0, bytes.length).takePacked(width, out.length, out, 0);
            assertArrayEquals(values, out);
        }
    }

    @Test
    void randomBytesAreRefusedOrReadButNeverLeaveTheirRange() {
        Random random = new Random(Seeds.of("encodings-noise"));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            int count = random.nextInt(300);
            int width = random.nextInt(33);
            tolerate(() -> DeltaPacked.read(new ByteSource(bytes, 0, bytes.length), count, new long[count]));
            tolerate(() -> DeltaPacked.read(new ByteSource(bytes, 0, bytes.length), count, new int[count]));
            tolerate(() -> RunLength.read(new ByteSource(bytes, 0, bytes.length), width, count, new int[count]));
            tolerate(() -> RunLength.readLevels(new ByteSource(bytes, 0, bytes.length), count));
        }
        assertThrows(CorruptEncodingException.class, () -> new ByteSource(new byte[3], 0, 3).takeInt());
    }

    private static void tolerate(Runnable read) {
        try {
            read.run();
        } catch (CorruptEncodingException e) {
            assertEquals(CorruptEncodingException.class, e.getClass());
        }
    }

    @Test
    void dictionariesNumberDistinctValuesInOrderOfAppearance() {
        Random random = new Random(Seeds.of("encodings-dictionary"));
        LongDictionary longs = new LongDictionary();
        BytesDictionary strings = new BytesDictionary();
        java.util.Map<Long, Integer> expected = new java.util.HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextInt(5000) * 0x100000001L;
            int id = expected.computeIfAbsent(value, v -> expected.size());
            byte[] text = ("prefix" + value).getBytes();
            assertEquals(id, longs.idOf(value));
            assertEquals(id, strings.idOf(text, 0, text.length));
        }
        assertEquals(expected.size(), longs.size());
        expected.forEach((value, id) -> {
            assertEquals(value, longs.values()[id]);
            byte[] entry = Arrays.copyOfRange(strings.data(), strings.offsets()[id], strings.offsets()[id + 1]);
            assertEquals("prefix" + value, new String(entry));
        });
    }
}
