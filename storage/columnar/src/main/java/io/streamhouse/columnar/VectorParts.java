package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnVector;
import java.util.ArrayList;
import java.util.List;

/** Ranges of vectors that become one vector; a single whole vector is handed on as it is. One thread. */
final class VectorParts {
    private record Part(ColumnVector vector, int from, int to) {}

    private final List<Part> parts = new ArrayList<>();
    private int rows;

    void add(ColumnVector vector, int from, int to) {
        parts.add(new Part(vector, from, to));
        rows += to - from;
    }

    ColumnVector join() {
        Part first = parts.get(0);
        if (parts.size() == 1 && first.from == 0 && first.to == first.vector.size()) {
            return first.vector;
        }
        long[] nulls = nulls();
        return switch (first.vector.physical()) {
            case BOOLEAN -> {
                byte[] values = new byte[rows];
                copy((p, at) -> System.arraycopy(
                        ((ColumnVector.Booleans) p.vector).values(), p.from, values, at, p.to - p.from));
                yield new ColumnVector.Booleans(rows, nulls, values);
            }
            case INT -> {
                int[] values = new int[rows];
                copy((p, at) ->
                        System.arraycopy(((ColumnVector.Ints) p.vector).values(), p.from, values, at, p.to - p.from));
                yield new ColumnVector.Ints(rows, nulls, values);
            }
            case LONG -> {
                long[] values = new long[rows];
                copy((p, at) ->
                        System.arraycopy(((ColumnVector.Longs) p.vector).values(), p.from, values, at, p.to - p.from));
                yield new ColumnVector.Longs(rows, nulls, values);
            }
            case FLOAT -> {
                float[] values = new float[rows];
                copy((p, at) ->
                        System.arraycopy(((ColumnVector.Floats) p.vector).values(), p.from, values, at, p.to - p.from));
                yield new ColumnVector.Floats(rows, nulls, values);
            }
            case DOUBLE -> {
                double[] values = new double[rows];
                copy((p, at) -> System.arraycopy(
                        ((ColumnVector.Doubles) p.vector).values(), p.from, values, at, p.to - p.from));
                yield new ColumnVector.Doubles(rows, nulls, values);
            }
            case BYTES -> bytes(nulls);
        };
    }

    private interface Copy {
        void part(Part part, int at);
    }

    private void copy(Copy copy) {
        int at = 0;
        for (Part p : parts) {
            copy.part(p, at);
            at += p.to - p.from;
        }
    }

    private ColumnVector bytes(long[] nulls) {
        int[] offsets = new int[rows + 1];
        long total = 0;
        for (Part p : parts) {
            int[] source = ((ColumnVector.Bytes) p.vector).offsets();
            total += source[p.to] - source[p.from];
        }
        if (total > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("rows of " + total + " bytes do not fit one batch");
        }
        byte[] data = new byte[(int) total];
        copy((p, at) -> {
            ColumnVector.Bytes v = (ColumnVector.Bytes) p.vector;
            int[] source = v.offsets();
            int shift = offsets[at] - source[p.from];
            System.arraycopy(v.data(), source[p.from], data, offsets[at], source[p.to] - source[p.from]);
            for (int i = p.from; i < p.to; i++) {
                offsets[at + 1 + i - p.from] = source[i + 1] + shift;
            }
        });
        return new ColumnVector.Bytes(rows, nulls, data, offsets);
    }

    private long[] nulls() {
        long[] out = new long[(rows + 63) >>> 6];
        long any = 0;
        int at = 0;
        for (Part p : parts) {
            long[] source = p.vector.nulls();
            for (int i = p.from; source != null && i < p.to; i++) {
                long bit = (source[i >>> 6] >>> i) & 1L;
                int row = at + i - p.from;
                out[row >>> 6] |= bit << row;
                any |= bit;
            }
            at += p.to - p.from;
        }
        return any == 0 ? null : out;
    }
}
