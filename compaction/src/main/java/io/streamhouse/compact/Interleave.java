package io.streamhouse.compact;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.type.PhysicalType;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows picked from several batches, turned into one dense batch column after column: every batch is read in its own
 * order, so each column is a handful of sequential streams. One thread.
 */
class Interleave {
    /** Bytes of batches that are held because rows of them are picked. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private final List<ColumnBatch> batches = new ArrayList<>();
    private final List<KeyColumn> keys = new ArrayList<>();
    private final int[] slots;
    private final int[] rows;
    private long heldBytes;
    private int count;

    Interleave(int capacity) {
        this.slots = new int[capacity];
        this.rows = new int[capacity];
    }

    /** Makes a batch known; the answer stands for it until {@link #clear}. */
    int slot(ColumnBatch batch, KeyColumn batchKeys) {
        batches.add(batch);
        keys.add(batchKeys);
        heldBytes += batch.sizeBytes();
        return batches.size() - 1;
    }

    void pick(int slot, int row) {
        slots[count] = slot;
        rows[count++] = row;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == slots.length;
    }

    /** More batches are held than rows of them are worth waiting for. */
    boolean holdsMuch(int inputs) {
        return batches.size() > inputs && heldBytes > MAX_HELD_BYTES;
    }

    void clear() {
        batches.clear();
        keys.clear();
        heldBytes = 0;
        count = 0;
    }

    KeyColumn keysAt(int pick) {
        return keys.get(slots[pick]);
    }

    int rowAt(int pick) {
        return rows[pick];
    }

    /** The picked rows as a dense batch. */
    ColumnBatch batch() {
        int columns = batches.get(0).columns().size();
        List<ColumnVector> out = new ArrayList<>(columns);
        for (int c = 0; c < columns; c++) {
            ColumnVector[] parts = new ColumnVector[batches.size()];
            for (int b = 0; b < parts.length; b++) {
                parts[b] = batches.get(b).column(c);
            }
            out.add(column(parts, slots, rows, count));
        }
        return new ColumnBatch(out, count, null);
    }

    /** One column: row {@code rows[i]} of part {@code slots[i]}, in order. */
    ColumnVector column(ColumnVector[] parts, int[] slots, int[] rows, int count) {
        long[] nulls = nulls(parts, slots, rows, count);
        PhysicalType type = parts[0].physical();
        return switch (type) {
            case BOOLEAN -> {
                byte[][] from = new byte[parts.length][];
                for (int b = 0; b < parts.length; b++) {
                    from[b] = ((ColumnVector.Booleans) parts[b]).values();
                }
                byte[] out = new byte[count];
                for (int i = 0; i < count; i++) {
                    out[i] = from[slots[i]][rows[i]];
                }
                yield new ColumnVector.Booleans(count, nulls, out);
            }
            case INT -> {
                int[][] from = new int[parts.length][];
                for (int b = 0; b < parts.length; b++) {
                    from[b] = ((ColumnVector.Ints) parts[b]).values();
                }
                int[] out = new int[count];
                for (int i = 0; i < count; i++) {
                    out[i] = from[slots[i]][rows[i]];
                }
                yield new ColumnVector.Ints(count, nulls, out);
            }
            case LONG -> {
                long[][] from = new long[parts.length][];
                for (int b = 0; b < parts.length; b++) {
                    from[b] = ((ColumnVector.Longs) parts[b]).values();
                }
                long[] out = new long[count];
                for (int i = 0; i < count; i++) {
                    out[i] = from[slots[i]][rows[i]];
                }
                yield new ColumnVector.Longs(count, nulls, out);
            }
            case FLOAT -> {
                float[][] from = new float[parts.length][];
                for (int b = 0; b < parts.length; b++) {
                    from[b] = ((ColumnVector.Floats) parts[b]).values();
                }
                float[] out = new float[count];
                for (int i = 0; i < count; i++) {
                    out[i] = from[slots[i]][rows[i]];
                }
                yield new ColumnVector.Floats(count, nulls, out);
            }
            case DOUBLE -> {
                double[][] from = new double[parts.length][];
                for (int b = 0; b < parts.length; b++) {
                    from[b] = ((ColumnVector.Doubles) parts[b]).values();
                }
                double[] out = new double[count];
                for (int i = 0; i < count; i++) {
                    out[i] = from[slots[i]][rows[i]];
                }
                yield new ColumnVector.Doubles(count, nulls, out);
            }
            case BYTES -> bytes(parts, slots, rows, count, nulls);
        };
    }

    private static ColumnVector bytes(ColumnVector[] parts, int[] slots, int[] rows, int count, long[] nulls) {
        byte[][] data = new byte[parts.length][];
        int[][] offsets = new int[parts.length][];
        for (int b = 0; b < parts.length; b++) {
            data[b] = ((ColumnVector.Bytes) parts[b]).data();
            offsets[b] = ((ColumnVector.Bytes) parts[b]).offsets();
        }
        int[] ends = new int[count + 1];
        long total = 0;
        for (int i = 0; i < count; i++) {
            int[] o = offsets[slots[i]];
            total += o[rows[i] + 1] - o[rows[i]];
            ends[i + 1] = Math.toIntExact(total);
        }
        byte[] out = new byte[ends[count]];
        for (int i = 0; i < count; i++) {
            System.arraycopy(data[slots[i]], offsets[slots[i]][rows[i]], out, ends[i], ends[i + 1] - ends[i]);
        }
        return new ColumnVector.Bytes(count, nulls, out, ends);
    }

    private static long[] nulls(ColumnVector[] parts, int[] slots, int[] rows, int count) {
        long[][] from = new long[parts.length][];
        boolean some = false;
        for (int b = 0; b < parts.length; b++) {
            from[b] = parts[b].nulls();
            some |= from[b] != null;
        }
        if (!some) {
            return null;
        }
        long[] out = new long[(count + 63) >>> 6];
        long any = 0;
        for (int i = 0; i < count; i++) {
            long[] words = from[slots[i]];
            long bit = words == null ? 0 : (words[rows[i] >>> 6] >>> rows[i]) & 1;
            out[i >>> 6] |= bit << i;
            any |= bit;
        }
        return any == 0 ? null : out;
    }
}
