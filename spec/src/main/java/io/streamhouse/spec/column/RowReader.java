package io.streamhouse.spec.column;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** Rows of plain Java objects out of batches; the inverse of {@link RowViews}. For edges and tests, not for scans. */
public final class RowReader {
    private RowReader() {}

    /**
     * The row at a position of the batch (see {@link ColumnBatch#position} for the i-th selected one).
     *
     * @param fields the batch's columns, in order
     */
    public static Row row(ColumnBatch batch, List<Field> fields, int position) {
        if (fields.size() != batch.columns().size()) {
            throw new IllegalArgumentException("%d fields for %d columns"
                    .formatted(fields.size(), batch.columns().size()));
        }
        Object[] values = new Object[fields.size()];
        for (int c = 0; c < values.length; c++) {
            values[c] = value(batch.column(c), fields.get(c).type(), position);
        }
        return Row.of(values);
    }

    /** One value, null for NULL; classes as in {@link Row}. */
    public static Object value(ColumnVector column, DataType type, int position) {
        if (column.isNull(position)) {
            return null;
        }
        return switch (type.root()) {
            case BOOLEAN -> ((ColumnVector.Booleans) column).values()[position] != 0;
            case TINYINT -> (byte) intOf(column, position);
            case SMALLINT -> (short) intOf(column, position);
            case INT -> intOf(column, position);
            case BIGINT -> longOf(column, position);
            case FLOAT -> ((ColumnVector.Floats) column).values()[position];
            case DOUBLE -> ((ColumnVector.Doubles) column).values()[position];
            case DECIMAL -> decimal(column, type, position);
            case CHAR, VARCHAR -> new String(bytesOf(column, position), StandardCharsets.UTF_8);
            case BINARY, VARBINARY -> bytesOf(column, position);
            case DATE -> LocalDate.ofEpochDay(intOf(column, position));
            case TIME -> LocalTime.ofNanoOfDay(longOf(column, position) * 1000);
            case TIMESTAMP -> LocalDateTime.ofInstant(instant(type, longOf(column, position)), ZoneOffset.UTC);
            case TIMESTAMP_LTZ -> instant(type, longOf(column, position));
        };
    }

    private static int intOf(ColumnVector column, int position) {
        return ((ColumnVector.Ints) column).values()[position];
    }

    private static long longOf(ColumnVector column, int position) {
        return ((ColumnVector.Longs) column).values()[position];
    }

    private static byte[] bytesOf(ColumnVector column, int position) {
        ColumnVector.Bytes b = (ColumnVector.Bytes) column;
        return Arrays.copyOfRange(b.data(), b.offsets()[position], b.offsets()[position + 1]);
    }

    private static BigDecimal decimal(ColumnVector column, DataType type, int position) {
        if (!type.isWideDecimal()) {
            return BigDecimal.valueOf(longOf(column, position), type.scale());
        }
        ColumnVector.Bytes b = (ColumnVector.Bytes) column;
        return new BigDecimal(WideDecimal.unscaled(b.data(), b.offsets()[position]), type.scale());
    }

    private static Instant instant(DataType type, long value) {
        long perSecond = type.isNanos() ? 1_000_000_000L : 1_000_000L;
        long nanosPerUnit = 1_000_000_000L / perSecond;
        return Instant.ofEpochSecond(Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * nanosPerUnit);
    }
}
