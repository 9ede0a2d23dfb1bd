package io.streamhouse.flink.row;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.variant.Variant;

/**
 * One row of a column batch as Flink reads it; immutable but for its row kind, and cheap: the values stay in the batch.
 */
public final class BatchRow implements RowData {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MICROS_PER_MILLI = 1_000L;

    /**
     * Columns of the batches a reader gives out, resolved once. A delete of shape {@code upsert} holds its key only;
     * Flink must not see NULL in a NOT NULL column even there, so such a column shows its zero instead.
     */
    public static final class Shape {
        private final DataType[] types;
        private final boolean[] nullable;

        public Shape(List<Field> fields) {
            this.types = fields.stream().map(Field::type).toArray(DataType[]::new);
            this.nullable = new boolean[types.length];
            for (int i = 0; i < nullable.length; i++) {
                nullable[i] = fields.get(i).nullable();
            }
        }
    }

    private final Shape shape;
    private final ColumnBatch batch;
    private final int position;
    private RowKind kind;

    /** @param position position in the batch, not in its selection */
    public BatchRow(Shape shape, ColumnBatch batch, int position, RowKind kind) {
        this.shape = shape;
        this.batch = batch;
        this.position = position;
        this.kind = kind;
    }

    @Override
    public int getArity() {
        return shape.types.length;
    }

    @Override
    public RowKind getRowKind() {
        return kind;
    }

    @Override
    public void setRowKind(RowKind next) {
        kind = next;
    }

    @Override
    public boolean isNullAt(int column) {
        return shape.nullable[column] && batch.column(column).isNull(position);
    }

    @Override
    public boolean getBoolean(int column) {
        return ((ColumnVector.Booleans) batch.column(column)).values()[position] != 0;
    }

    @Override
    public byte getByte(int column) {
        return (byte) ints(column);
    }

    @Override
    public short getShort(int column) {
        return (short) ints(column);
    }

    @Override
    public int getInt(int column) {
        ColumnVector vector = batch.column(column);
        // Flink keeps TIME as an int of milliseconds
        return vector instanceof ColumnVector.Longs longs
                ? (int) (longs.values()[position] / MICROS_PER_MILLI)
                : ints(column);
    }

    private int ints(int column) {
        return ((ColumnVector.Ints) batch.column(column)).values()[position];
    }

    @Override
    public long getLong(int column) {
        return ((ColumnVector.Longs) batch.column(column)).values()[position];
    }

    @Override
    public float getFloat(int column) {
        return ((ColumnVector.Floats) batch.column(column)).values()[position];
    }

    @Override
    public double getDouble(int column) {
        return ((ColumnVector.Doubles) batch.column(column)).values()[position];
    }

    @Override
    public StringData getString(int column) {
        ColumnVector.Bytes bytes = (ColumnVector.Bytes) batch.column(column);
        int start = bytes.offsets()[position];
        return BinaryStringData.fromBytes(bytes.data(), start, bytes.offsets()[position + 1] - start);
    }

    @Override
    public DecimalData getDecimal(int column, int precision, int scale) {
        if (batch.column(column) instanceof ColumnVector.Longs longs) {
            return DecimalData.fromUnscaledLong(longs.values()[position], precision, scale);
        }
        return batch.column(column).isNull(position)
                ? DecimalData.zero(precision, scale)
                : DecimalData.fromUnscaledBytes(getBinary(column), precision, scale);
    }

    @Override
    public TimestampData getTimestamp(int column, int precision) {
        long value = getLong(column);
        if (shape.types[column].isNanos()) {
            return TimestampData.fromEpochMillis(
                    Math.floorDiv(value, NANOS_PER_MILLI), (int) Math.floorMod(value, NANOS_PER_MILLI));
        }
        return TimestampData.fromEpochMillis(
                Math.floorDiv(value, MICROS_PER_MILLI), (int) Math.floorMod(value, MICROS_PER_MILLI) * 1_000);
    }

    @Override
    public byte[] getBinary(int column) {
        ColumnVector.Bytes bytes = (ColumnVector.Bytes) batch.column(column);
        return Arrays.copyOfRange(bytes.data(), bytes.offsets()[position], bytes.offsets()[position + 1]);
    }

    @Override
    public <T> RawValueData<T> getRawValue(int column) {
        throw noScalar("RAW");
    }

    @Override
    public ArrayData getArray(int column) {
        throw noScalar("ARRAY");
    }

    @Override
    public MapData getMap(int column) {
        throw noScalar("MAP");
    }

    @Override
    public RowData getRow(int column, int fieldCount) {
        throw noScalar("ROW");
    }

    @Override
    public Variant getVariant(int column) {
        throw noScalar("VARIANT");
    }

    private static IllegalStateException noScalar(String type) {
        return new IllegalStateException("a table holds no " + type + " columns");
    }
}
