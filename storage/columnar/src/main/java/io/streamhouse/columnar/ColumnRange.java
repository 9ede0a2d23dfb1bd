package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.TypeRoot;
import java.util.Arrays;
import java.util.Optional;

/** Running null count and bounds of one column. One thread. */
final class ColumnRange {
    /** Text and binary bounds keep this many bytes; source: Iceberg truncates to 16. */
    private static final int BOUND_BYTES = 16;

    private final DataType type;
    private long nulls;
    private boolean any;
    private boolean nan;
    private long minLong;
    private long maxLong;
    private double minDouble;
    private double maxDouble;
    private byte[] minBytes;
    private byte[] maxBytes;

    ColumnRange(DataType type) {
        this.type = type;
    }

    void add(ColumnVector v) {
        for (int i = 0; i < v.size(); i++) {
            if (v.isNull(i)) {
                nulls++;
            } else {
                addValue(v, i);
            }
        }
    }

    private void addValue(ColumnVector v, int i) {
        switch (v.physical()) {
            case BOOLEAN -> addLong(((ColumnVector.Booleans) v).values()[i]);
            case INT -> addLong(((ColumnVector.Ints) v).values()[i]);
            case LONG -> addLong(((ColumnVector.Longs) v).values()[i]);
            case FLOAT -> addDouble(((ColumnVector.Floats) v).values()[i]);
            case DOUBLE -> addDouble(((ColumnVector.Doubles) v).values()[i]);
            case BYTES -> addBytes((ColumnVector.Bytes) v, i);
        }
    }

    private void addLong(long x) {
        minLong = any ? Math.min(minLong, x) : x;
        maxLong = any ? Math.max(maxLong, x) : x;
        any = true;
    }

    private void addDouble(double x) {
        nan |= x != x;
        minDouble = any ? Math.min(minDouble, x) : x;
        maxDouble = any ? Math.max(maxDouble, x) : x;
        any = true;
    }

    private void addBytes(ColumnVector.Bytes v, int i) {
        int from = v.offsets()[i];
        int to = v.offsets()[i + 1];
        if (!any || compare(v.data(), from, to, minBytes) < 0) {
            minBytes = Arrays.copyOfRange(v.data(), from, to);
        }
        if (!any || compare(v.data(), from, to, maxBytes) > 0) {
            maxBytes = Arrays.copyOfRange(v.data(), from, to);
        }
        any = true;
    }

    private int compare(byte[] data, int from, int to, byte[] other) {
        if (type.isWideDecimal() && data[from] < 0 != other[0] < 0) {
            return data[from] < 0 ? -1 : 1;
        }
        return Arrays.compareUnsigned(data, from, to, other, 0, other.length);
    }

    long nulls() {
        return nulls;
    }

    /** Exact smallest value as a vector of one row, or null if there is no usable one. */
    boolean hasBounds() {
        return any && !nan;
    }

    long minLong() {
        return minLong;
    }

    long maxLong() {
        return maxLong;
    }

    double minDouble() {
        return minDouble;
    }

    double maxDouble() {
        return maxDouble;
    }

    byte[] minBytes() {
        return minBytes;
    }

    byte[] maxBytes() {
        return maxBytes;
    }

    ColumnStats stats(int fieldId) {
        return new ColumnStats(fieldId, nulls, hasBounds() ? bounds() : Optional.empty());
    }

    private Optional<ColumnStats.Bounds> bounds() {
        return switch (type.physical()) {
            case BOOLEAN ->
                Optional.of(new ColumnStats.Bounds(new byte[] {(byte) minLong}, new byte[] {(byte) maxLong}));
            case INT -> {
                ColumnVector v = new ColumnVector.Ints(2, null, new int[] {(int) minLong, (int) maxLong});
                yield Optional.of(new ColumnStats.Bounds(SingleValue.of(type, v, 0), SingleValue.of(type, v, 1)));
            }
            case LONG ->
                Optional.of(
                        new ColumnStats.Bounds(SingleValue.ofLong(type, minLong), SingleValue.ofLong(type, maxLong)));
            case FLOAT -> {
                ColumnVector v = new ColumnVector.Floats(2, null, new float[] {(float) minDouble, (float) maxDouble});
                yield Optional.of(new ColumnStats.Bounds(SingleValue.of(type, v, 0), SingleValue.of(type, v, 1)));
            }
            case DOUBLE -> {
                ColumnVector v = new ColumnVector.Doubles(2, null, new double[] {minDouble, maxDouble});
                yield Optional.of(new ColumnStats.Bounds(SingleValue.of(type, v, 0), SingleValue.of(type, v, 1)));
            }
            case BYTES -> bytesBounds();
        };
    }

    private Optional<ColumnStats.Bounds> bytesBounds() {
        if (type.isWideDecimal()) {
            return Optional.of(new ColumnStats.Bounds(
                    new java.math.BigInteger(minBytes).toByteArray(),
                    new java.math.BigInteger(maxBytes).toByteArray()));
        }
        boolean text = type.root() == TypeRoot.CHAR || type.root() == TypeRoot.VARCHAR;
        byte[] max = roundUp(maxBytes, text);
        return max == null ? Optional.empty() : Optional.of(new ColumnStats.Bounds(cut(minBytes, text), max));
    }

    private static byte[] cut(byte[] value, boolean text) {
        if (value.length <= BOUND_BYTES) {
            return value;
        }
        int end = BOUND_BYTES;
        while (text && end > 0 && (value[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(value, end);
    }

    /** A short value not below the given one; null if there is none. */
    private static byte[] roundUp(byte[] value, boolean text) {
        byte[] out = cut(value, text);
        if (out.length == value.length) {
            return value;
        }
        if (!text) {
            for (int i = out.length - 1; i >= 0; i--) {
                if (out[i] != (byte) 0xFF) {
                    out[i]++;
                    return Arrays.copyOf(out, i + 1);
                }
            }
            return null;
        }
        int[] points = new String(out, java.nio.charset.StandardCharsets.UTF_8)
                .codePoints()
                .toArray();
        for (int i = points.length - 1; i >= 0; i--) {
            int next = points[i] + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : points[i] + 1;
            if (next <= Character.MAX_CODE_POINT) {
                points[i] = next;
                return new String(points, 0, i + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
