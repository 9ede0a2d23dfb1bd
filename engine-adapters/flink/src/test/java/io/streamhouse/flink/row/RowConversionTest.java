package io.streamhouse.flink.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;

class RowConversionTest {
    private static final List<DataType> TYPES = List.of(
            DataType.bool(),
            DataType.of(TypeRoot.TINYINT),
            DataType.of(TypeRoot.SMALLINT),
            DataType.integer(),
            DataType.bigint(),
            DataType.of(TypeRoot.FLOAT),
            DataType.of(TypeRoot.DOUBLE),
            DataType.decimal(9, 4),
            DataType.decimal(18, 0),
            DataType.decimal(19, 5),
            DataType.decimal(38, 38),
            new DataType(TypeRoot.CHAR, 4, 0),
            DataType.string(),
            new DataType(TypeRoot.BINARY, 3, 0),
            DataType.bytes(),
            DataType.date(),
            new DataType(TypeRoot.TIME, 3, 0),
            DataType.timestamp(0),
            DataType.timestamp(3),
            DataType.timestamp(6),
            DataType.timestamp(9),
            new DataType(TypeRoot.TIMESTAMP_LTZ, 6, 0),
            new DataType(TypeRoot.TIMESTAMP_LTZ, 9, 0));

    private static List<Field> fields() {
        List<Field> out = new ArrayList<>();
        for (DataType type : TYPES) {
            out.add(new Field(out.size() + 1, "c" + out.size(), type, true));
        }
        return out;
    }

    private static Object randomValue(DataType type, Random random) {
        return switch (type.root()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> (byte) random.nextInt();
            case SMALLINT -> (short) random.nextInt();
            case INT, DATE -> random.nextInt();
            case BIGINT -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextGaussian();
            case DECIMAL -> {
                BigInteger limit = BigInteger.TEN.pow(type.length());
                BigInteger unscaled = new BigInteger(126, random).mod(limit);
                yield DecimalData.fromBigDecimal(
                        new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale()),
                        type.length(),
                        type.scale());
            }
            case CHAR, VARCHAR -> StringData.fromString("ä€😀".repeat(random.nextInt(3)) + random.nextInt(9));
            case BINARY, VARBINARY -> {
                byte[] bytes = new byte[random.nextInt(5)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case TIME -> random.nextInt(86_400_000);
            case TIMESTAMP, TIMESTAMP_LTZ -> {
                long millis = random.nextLong() >> 21;
                yield type.isNanos()
                        ? TimestampData.fromEpochMillis(millis, random.nextInt(1_000_000))
                        : TimestampData.fromEpochMillis(millis, random.nextInt(1_000) * 1_000);
            }
        };
    }

    private static Object read(RowData row, int column, DataType type) {
        if (row.isNullAt(column)) {
            return null;
        }
        Object value = RowData.createFieldGetter(FlinkTypes.toFlinkType(type, true), column)
                .getFieldOrNull(row);
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
    }

    @Test
    void rowsComeBackFromBatchesAsTheyWere() {
        long seed = Long.getLong("streamhouse.seed", 11L);
        Random random = new Random(seed);
        List<Field> fields = fields();
        ColumnBuilder[] builders =
                TYPES.stream().map(t -> ColumnBuilder.of(t.physical())).toArray(ColumnBuilder[]::new);
        RowDataView view = new RowDataView(fields);
        List<GenericRowData> rows = new ArrayList<>();
        for (int r = 0; r < 300; r++) {
            GenericRowData row = new GenericRowData(TYPES.size());
            for (int c = 0; c < TYPES.size(); c++) {
                row.setField(c, random.nextInt(10) == 0 ? null : randomValue(TYPES.get(c), random));
            }
            rows.add(row);
            RowView next = view.of(row);
            for (int c = 0; c < TYPES.size(); c++) {
                builders[c].append(next, c);
            }
        }
        ColumnBatch batch =
                ColumnBatch.of(Arrays.stream(builders).map(ColumnBuilder::build).toList());
        BatchRow.Shape shape = new BatchRow.Shape(fields);
        for (int r = 0; r < rows.size(); r++) {
            BatchRow back = new BatchRow(shape, batch, r, RowKind.UPDATE_AFTER);
            assertEquals(RowKind.UPDATE_AFTER, back.getRowKind());
            for (int c = 0; c < TYPES.size(); c++) {
                assertEquals(
                        read(rows.get(r), c, TYPES.get(c)),
                        read(back, c, TYPES.get(c)),
                        "seed " + seed + " row " + r + " " + TYPES.get(c));
            }
        }
    }

    @Test
    void nanosecondsReachToBothEndsAndNoFurther() {
        List<Field> fields = List.of(new Field(1, "moment", DataType.timestamp(9), true));
        RowDataView view = new RowDataView(fields);
        for (long nanos : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE}) {
            Instant instant = Instant.EPOCH.plusNanos(nanos);
            assertEquals(
                    nanos,
                    view.of(GenericRowData.of(TimestampData.fromInstant(instant)))
                            .getLong(0));
        }
        for (Instant outside : List.of(
                Instant.EPOCH.plusNanos(Long.MAX_VALUE).plusNanos(1),
                Instant.EPOCH.plusNanos(Long.MIN_VALUE).minusNanos(1))) {
            RowView row = view.of(GenericRowData.of(TimestampData.fromInstant(outside)));
            StreamhouseException error = assertThrows(StreamhouseException.class, () -> row.getLong(0));
            assertEquals(ErrorCode.SCHEMA_MISMATCH, error.code());
            assertTrue(error.getMessage().contains("'moment'"), error.getMessage());
        }
    }

    @Test
    void keyOnlyDeleteShowsZeroWhereNullIsForbidden() {
        List<Field> fields = new ArrayList<>();
        List<io.streamhouse.spec.column.ColumnVector> nulls = new ArrayList<>();
        for (DataType type : TYPES) {
            fields.add(new Field(fields.size() + 1, "c" + fields.size(), type, false));
            ColumnBuilder builder = ColumnBuilder.of(type.physical());
            builder.appendNull();
            nulls.add(builder.build());
        }
        BatchRow row = new BatchRow(new BatchRow.Shape(fields), ColumnBatch.of(nulls), 0, RowKind.DELETE);
        for (int c = 0; c < TYPES.size(); c++) {
            assertTrue(read(row, c, TYPES.get(c)) != null, TYPES.get(c).toString());
        }
    }

    @Test
    void typesComeBackAndOthersAreRefusedByColumn() {
        for (DataType type : TYPES) {
            for (boolean nullable : new boolean[] {true, false}) {
                LogicalType flink = FlinkTypes.toFlinkType(type, nullable);
                assertEquals(nullable, flink.isNullable());
                assertEquals(type, FlinkTypes.toTableType("c", flink));
            }
        }
        for (LogicalType bad : List.of(new ArrayType(new IntType()), new TimeType(9))) {
            StreamhouseException error =
                    assertThrows(StreamhouseException.class, () -> FlinkTypes.toTableType("odd", bad));
            assertEquals(ErrorCode.UNSUPPORTED_TYPE, error.code());
            assertTrue(error.getMessage().contains("column 'odd'"), error.getMessage());
        }
    }
}
