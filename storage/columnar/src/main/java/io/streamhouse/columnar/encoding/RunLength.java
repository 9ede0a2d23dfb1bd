package io.streamhouse.columnar.encoding;

import java.util.Arrays;

/** Parquet's hybrid of run lengths and bit packing, for levels (width 1) and dictionary ids (width 0 to 32). */
public final class RunLength {
    private static final int GROUP = 8;

    private RunLength() {}

    /** Bits that hold 0 to {@code max}. */
    public static int widthOf(int max) {
        return 32 - Integer.numberOfLeadingZeros(max);
    }

    /** Appends {@code count} non-negative values below {@code 1 << width}. */
    public static void write(ByteSink sink, int[] values, int count, int width) {
        int packedFrom = 0;
        int i = 0;
        while (i < count) {
            int run = i + 1;
            while (run < count && values[run] == values[i]) {
                run++;
            }
            if (run - i >= GROUP) {
                writePacked(sink, values, packedFrom, i, width);
                sink.putVarint((long) (run - i) << 1);
                for (int b = 0; b < width; b += 8) {
                    sink.putByte(values[i] >>> b);
                }
                i = run;
                packedFrom = i;
            } else {
                // packed runs hold whole groups; only the last one of a page may be short
                i = Math.min(count, i + GROUP);
            }
        }
        writePacked(sink, values, packedFrom, count, width);
    }

    private static void writePacked(ByteSink sink, int[] values, int from, int to, int width) {
        if (from == to) {
            return;
        }
        int groups = (to - from + GROUP - 1) / GROUP;
        long[] padded = new long[groups * GROUP];
        for (int i = from; i < to; i++) {
            padded[i - from] = values[i];
        }
        sink.putVarint(((long) groups << 1) | 1);
        sink.putPacked(padded, 0, padded.length, width);
    }

    /** Reads exactly {@code count} values; what stands behind them in the source is left. */
    public static void read(ByteSource source, int width, int count, int[] out) {
        if (width < 0 || width > 32) {
            throw new CorruptEncodingException("bit width " + width);
        }
        int i = 0;
        int[] spill = null;
        while (i < count) {
            long header = source.takeVarint();
            long length = header >>> 1;
            if ((header & 1) == 0) {
                int value = takeRunValue(source, width);
                int n = (int) Math.min(count - i, checked(length, count - i));
                Arrays.fill(out, i, i + n, value);
                i += n;
            } else {
                long n = checked(length, (count - i + GROUP - 1) / GROUP) * GROUP;
                if (n <= count - i) {
                    source.takePacked(width, (int) n, out, i);
                    i += (int) n;
                } else {
                    spill = spill == null || spill.length < n ? new int[(int) n] : spill;
                    source.takePacked(width, (int) n, spill, 0);
                    System.arraycopy(spill, 0, out, i, count - i);
                    i = count;
                }
            }
        }
    }

    private static long checked(long length, int max) {
        if (length < 1 || length > max) {
            throw new CorruptEncodingException("run of %d, at most %d fit".formatted(length, max));
        }
        return length;
    }

    private static int takeRunValue(ByteSource source, int width) {
        int value = 0;
        for (int b = 0; b < width; b += 8) {
            value |= source.takeByte() << b;
        }
        if (width < 32 && value >>> width != 0) {
            throw new CorruptEncodingException("run value %d has more than %d bits".formatted(value, width));
        }
        return value;
    }

    /**
     * Appends the definition levels of an optional column: 1 = present.
     *
     * @param nulls bit per row, 1 = null, or null if all are present
     */
    public static void writeLevels(ByteSink sink, long[] nulls, int rows) {
        if (nulls == null) {
            sink.putVarint((long) rows << 1);
            sink.putByte(1);
            return;
        }
        int groups = (rows + GROUP - 1) / GROUP;
        sink.putVarint(((long) groups << 1) | 1);
        for (int g = 0; g < groups; g++) {
            long present = ~(nulls[g >>> 3] >>> ((g & 7) * 8)) & 0xFF;
            int left = rows - g * GROUP;
            sink.putByte((int) (left >= GROUP ? present : present & ((1 << left) - 1)));
        }
    }

    /**
     * Reads definition levels of at most 1 as null bits.
     *
     * @return bit per row, 1 = null; null if all are present
     */
    public static long[] readLevels(ByteSource source, int rows) {
        long[] nulls = new long[(rows + 63) >>> 6];
        boolean any = false;
        int i = 0;
        while (i < rows) {
            long header = source.takeVarint();
            if ((header & 1) == 0) {
                int value = takeRunValue(source, 1);
                int n = (int) checked(header >>> 1, rows - i);
                if (value == 0) {
                    any = true;
                    setBits(nulls, i, i + n);
                }
                i += n;
            } else {
                int groups = (int) checked(header >>> 1, (rows - i + GROUP - 1) / GROUP);
                int at = source.take(groups);
                int end = Math.min(rows, i + groups * GROUP);
                byte[] bytes = source.array();
                for (int p = i; p < end; p += GROUP, at++) {
                    int left = end - p;
                    long absent = ~bytes[at] & (left >= GROUP ? 0xFFL : (1L << left) - 1);
                    if (absent != 0) {
                        any = true;
                        nulls[p >>> 6] |= absent << (p & 63);
                        int spill = (p & 63) + GROUP - 64;
                        if (spill > 0 && (p >>> 6) + 1 < nulls.length) {
                            nulls[(p >>> 6) + 1] |= absent >>> (GROUP - spill);
                        }
                    }
                }
                i = end;
            }
        }
        return any ? nulls : null;
    }

    private static void setBits(long[] bits, int from, int to) {
        for (int i = from; i < to; ) {
            int word = i >>> 6;
            int end = Math.min(to, (word + 1) << 6);
            long mask = (-1L << i) & (-1L >>> -end);
            bits[word] |= mask;
            i = end;
        }
    }
}
