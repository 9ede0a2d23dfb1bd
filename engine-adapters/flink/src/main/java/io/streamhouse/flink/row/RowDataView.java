package io.streamhouse.flink.row;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * A Flink row as the table's writer reads it; one view is pointed at row after row. One thread.
 *
 * <p>Flink keeps TIME in milliseconds, timestamps as milliseconds and nanoseconds within them; the table keeps
 * microseconds, or nanoseconds for more than six digits, where only the years 1677 to 2262 fit.
 */
public final class RowDataView implements RowView {
    private static final int WIDE_DECIMAL_BYTES = 16;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MICROS_PER_MILLI = 1_000L;

    private final List<Field> fields;
    private final DataType[] types;
    private RowData row;

    /** @param fields columns of the rows, in order */
    public RowDataView(List<Field> fields) {
        this.fields = List.copyOf(fields);
        this.types = fields.stream().map(Field::type).toArray(DataType[]::new);
    }

    /** Points the view at a row, which must not change while it is read; this view. */
    public RowDataView of(RowData next) {
        row = next;
        return this;
    }

    @Override
    public boolean isNull(int column) {
        return row.isNullAt(column);
    }

    @Override
    public boolean getBoolean(int column) {
        return row.getBoolean(column);
    }

    @Override
    public int getInt(int column) {
        return switch (types[column].root()) {
            case TINYINT -> row.getByte(column);
            case SMALLINT -> row.getShort(column);
            default -> row.getInt(column);
        };
    }

    @Override
    public long getLong(int column) {
        DataType type = types[column];
        return switch (type.root()) {
            case TIME -> row.getInt(column) * MICROS_PER_MILLI;
            case TIMESTAMP, TIMESTAMP_LTZ -> timestamp(column, type);
            case DECIMAL -> row.getDecimal(column, type.length(), type.scale()).toUnscaledLong();
            default -> row.getLong(column);
        };
    }

    private long timestamp(int column, DataType type) {
        TimestampData value = row.getTimestamp(column, type.length());
        try {
            if (type.isNanos()) {
                return nanos(value.getMillisecond(), value.getNanoOfMillisecond());
            }
            return Math.addExact(
                    Math.multiplyExact(value.getMillisecond(), MICROS_PER_MILLI), value.getNanoOfMillisecond() / 1_000);
        } catch (ArithmeticException e) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "column '%s' is %s and cannot hold %s%s"
                            .formatted(
                                    fields.get(column).name(),
                                    type,
                                    value,
                                    type.isNanos() ? "; nanoseconds reach from 1677-09-21 to 2262-04-11" : ""),
                    e);
        }
    }

    /** Exact also for the millisecond in which the smallest value stands, whose product alone overflows. */
    private static long nanos(long millis, int nanoOfMilli) {
        if (millis < 0) {
            return Math.addExact(Math.multiplyExact(millis + 1, NANOS_PER_MILLI), nanoOfMilli - NANOS_PER_MILLI);
        }
        return Math.addExact(Math.multiplyExact(millis, NANOS_PER_MILLI), nanoOfMilli);
    }

    @Override
    public float getFloat(int column) {
        return row.getFloat(column);
    }

    @Override
    public double getDouble(int column) {
        return row.getDouble(column);
    }

    @Override
    public byte[] getBytes(int column) {
        DataType type = types[column];
        return switch (type.root()) {
            case CHAR, VARCHAR -> utf8(row.getString(column));
            case DECIMAL -> wide(row.getDecimal(column, type.length(), type.scale()));
            default -> row.getBinary(column);
        };
    }

    private static byte[] utf8(StringData value) {
        return value instanceof BinaryStringData binary ? binary.toBytes() : value.toBytes();
    }

    private static byte[] wide(DecimalData value) {
        byte[] minimal = value.toUnscaledBytes();
        byte[] out = new byte[WIDE_DECIMAL_BYTES];
        Arrays.fill(out, 0, out.length - minimal.length, (byte) (minimal[0] < 0 ? -1 : 0));
        System.arraycopy(minimal, 0, out, out.length - minimal.length, minimal.length);
        return out;
    }
}
