package io.streamhouse.flink.row;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.util.List;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BinaryType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.CharType;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.FloatType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.SmallIntType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.TinyIntType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/** The table's scalar types as Flink's logical types and back; lossless both ways. */
public final class FlinkTypes {
    private FlinkTypes() {}

    /**
     * The table's type of a Flink type.
     *
     * @param column name for the message
     * @throws StreamhouseException UNSUPPORTED_TYPE naming the column and the type
     */
    public static DataType toTableType(String column, LogicalType type) {
        try {
            return switch (type.getTypeRoot()) {
                case BOOLEAN -> DataType.of(TypeRoot.BOOLEAN);
                case TINYINT -> DataType.of(TypeRoot.TINYINT);
                case SMALLINT -> DataType.of(TypeRoot.SMALLINT);
                case INTEGER -> DataType.of(TypeRoot.INT);
                case BIGINT -> DataType.of(TypeRoot.BIGINT);
                case FLOAT -> DataType.of(TypeRoot.FLOAT);
                case DOUBLE -> DataType.of(TypeRoot.DOUBLE);
                case DECIMAL -> {
                    DecimalType t = (DecimalType) type;
                    yield DataType.decimal(t.getPrecision(), t.getScale());
                }
                case CHAR -> new DataType(TypeRoot.CHAR, ((CharType) type).getLength(), 0);
                case VARCHAR -> new DataType(TypeRoot.VARCHAR, ((VarCharType) type).getLength(), 0);
                case BINARY -> new DataType(TypeRoot.BINARY, ((BinaryType) type).getLength(), 0);
                case VARBINARY -> new DataType(TypeRoot.VARBINARY, ((VarBinaryType) type).getLength(), 0);
                case DATE -> DataType.date();
                case TIME_WITHOUT_TIME_ZONE -> new DataType(TypeRoot.TIME, ((TimeType) type).getPrecision(), 0);
                case TIMESTAMP_WITHOUT_TIME_ZONE -> DataType.timestamp(((TimestampType) type).getPrecision());
                case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
                    new DataType(TypeRoot.TIMESTAMP_LTZ, ((LocalZonedTimestampType) type).getPrecision(), 0);
                default -> throw unsupported(column, type, null);
            };
        } catch (StreamhouseException e) {
            throw e.getMessage().contains("column '") ? e : unsupported(column, type, e);
        }
    }

    private static StreamhouseException unsupported(String column, LogicalType type, StreamhouseException cause) {
        return new StreamhouseException(
                ErrorCode.UNSUPPORTED_TYPE,
                "column '%s' is %s, which a table cannot hold%s"
                        .formatted(
                                TableName.printable(column),
                                type.asSummaryString(),
                                cause == null ? "" : " (" + cause.getMessage() + ")"),
                cause);
    }

    /** The Flink type of a table type. */
    public static LogicalType toFlinkType(DataType type, boolean nullable) {
        return switch (type.root()) {
            case BOOLEAN -> new BooleanType(nullable);
            case TINYINT -> new TinyIntType(nullable);
            case SMALLINT -> new SmallIntType(nullable);
            case INT -> new IntType(nullable);
            case BIGINT -> new BigIntType(nullable);
            case FLOAT -> new FloatType(nullable);
            case DOUBLE -> new DoubleType(nullable);
            case DECIMAL -> new DecimalType(nullable, type.length(), type.scale());
            case CHAR -> new CharType(nullable, type.length());
            case VARCHAR -> new VarCharType(nullable, type.length());
            case BINARY -> new BinaryType(nullable, type.length());
            case VARBINARY -> new VarBinaryType(nullable, type.length());
            case DATE -> new DateType(nullable);
            case TIME -> new TimeType(nullable, type.length());
            case TIMESTAMP -> new TimestampType(nullable, type.length());
            case TIMESTAMP_LTZ -> new LocalZonedTimestampType(nullable, type.length());
        };
    }

    /** The row type of the given columns. */
    public static RowType toRowType(List<Field> fields) {
        return new RowType(
                false,
                fields.stream()
                        .map(f -> new RowType.RowField(f.name(), toFlinkType(f.type(), f.nullable())))
                        .toList());
    }
}
