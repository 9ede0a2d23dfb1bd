package io.streamhouse.columnar.encoding;

/** Parquet's DELTA_BINARY_PACKED. INT32 differences wrap in 32 bits, so that no miniblock is wider than the type. */
public final class DeltaPacked {
    private static final int BLOCK = 128;
    private static final int MINIBLOCKS = 4;
    private static final int MINIBLOCK = BLOCK / MINIBLOCKS;
    /** Largest block that is read; writers in the field use 128 to 4,096. */
    private static final int MAX_BLOCK = 1 << 16;

    private DeltaPacked() {}

    /** Appends values; {@code wide} is false for INT32, whose values are sign-extended. */
    public static void write(ByteSink sink, long[] values, int count, boolean wide) {
        sink.putVarint(BLOCK);
        sink.putVarint(MINIBLOCKS);
        sink.putVarint(count);
        long previous = count == 0 ? 0 : values[0];
        sink.putZigZag(previous);
        long[] deltas = new long[BLOCK];
        for (int from = 1; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            long min = Long.MAX_VALUE;
            for (int i = 0; i < n; i++) {
                long value = values[from + i];
                long delta = value - previous;
                if (!wide) {
                    delta = (int) delta;
                }
                deltas[i] = delta;
                min = Math.min(min, delta);
                previous = value;
            }
            writeBlock(sink, deltas, n, min, wide);
        }
    }

    private static void writeBlock(ByteSink sink, long[] deltas, int count, long min, boolean wide) {
        sink.putZigZag(min);
        long used = wide ? -1L : 0xFFFFFFFFL;
        int widths = 0;
        for (int m = 0; m < MINIBLOCKS; m++) {
            long or = 0;
            for (int i = m * MINIBLOCK; i < Math.min(count, (m + 1) * MINIBLOCK); i++) {
                deltas[i] = (deltas[i] - min) & used;
                or |= deltas[i];
            }
            widths |= (64 - Long.numberOfLeadingZeros(or)) << (8 * m);
        }
        java.util.Arrays.fill(deltas, count, BLOCK, 0L);
        sink.putInt(widths);
        for (int m = 0; m * MINIBLOCK < count; m++) {
            sink.putPacked(deltas, m * MINIBLOCK, MINIBLOCK, (widths >>> (8 * m)) & 0xFF);
        }
    }

    /** Reads exactly {@code count} values and leaves the source behind them. */
    public static void read(ByteSource source, int count, long[] out) {
        Header header = Header.read(source, count);
        if (count == 0) {
            return;
        }
        long value = header.first;
        out[0] = value;
        long[] packed = new long[header.miniblock];
        int i = 1;
        while (i < count) {
            long min = source.takeZigZag();
            int widths = source.take(header.miniblocks);
            for (int m = 0; m < header.miniblocks && i < count; m++) {
                int width = header.width(source, widths + m, 64);
                int n = Math.min(header.miniblock, count - i);
                source.takePacked(width, header.miniblock, packed, 0);
                for (int k = 0; k < n; k++) {
                    value += min + packed[k];
                    out[i + k] = value;
                }
                i += n;
            }
        }
    }

    /** Like {@link #read(ByteSource, int, long[])} for INT32. */
    public static void read(ByteSource source, int count, int[] out) {
        Header header = Header.read(source, count);
        if (count == 0) {
            return;
        }
        int value = (int) header.first;
        out[0] = value;
        int[] packed = new int[header.miniblock];
        int i = 1;
        while (i < count) {
            int min = (int) source.takeZigZag();
            int widths = source.take(header.miniblocks);
            for (int m = 0; m < header.miniblocks && i < count; m++) {
                int width = header.width(source, widths + m, 32);
                int n = Math.min(header.miniblock, count - i);
                source.takePacked(width, header.miniblock, packed, 0);
                for (int k = 0; k < n; k++) {
                    value += min + packed[k];
                    out[i + k] = value;
                }
                i += n;
            }
        }
    }

    private record Header(int miniblocks, int miniblock, long first) {
        static Header read(ByteSource source, int count) {
            int block = source.takeCount("delta block size", MAX_BLOCK);
            int miniblocks = source.takeCount("miniblocks of a delta block", MAX_BLOCK);
            if (block < 8 || miniblocks < 1 || block % miniblocks != 0 || (block / miniblocks) % 8 != 0) {
                throw new CorruptEncodingException("delta block of %d in %d miniblocks".formatted(block, miniblocks));
            }
            int total = source.takeCount("delta value count", Integer.MAX_VALUE);
            if (total != count) {
                throw new CorruptEncodingException("delta page of %d values, expected %d".formatted(total, count));
            }
            return new Header(miniblocks, block / miniblocks, source.takeZigZag());
        }

        int width(ByteSource source, int at, int max) {
            int width = source.array()[at] & 0xFF;
            if (width > max) {
                throw new CorruptEncodingException("miniblock of %d bits, at most %d".formatted(width, max));
            }
            return width;
        }
    }
}
