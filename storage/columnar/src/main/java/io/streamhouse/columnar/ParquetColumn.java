package io.streamhouse.columnar;

import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import java.math.BigInteger;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A column as Parquet stores it.
 *
 * @param field the table's column
 * @param parquet its Parquet type with logical type, field id and repetition
 * @see "spec/data-files.md, section Types"
 */
record ParquetColumn(Field field, PrimitiveType parquet) {
    private static final int MAX_INT_DIGITS = 9;
    private static final int MAX_LONG_DIGITS = 18;

    static ParquetColumn of(Field field) {
        DataType type = field.type();
        Type.Repetition repetition = field.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
        PrimitiveTypeName name = primitive(type);
        Types.PrimitiveBuilder<PrimitiveType> builder = Types.primitive(name, repetition);
        if (name == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
            builder = builder.length(decimalBytes(type.length()));
        }
        LogicalTypeAnnotation logical = logical(type);
        if (logical != null) {
            builder = builder.as(logical);
        }
        return new ParquetColumn(field, builder.id(field.id()).named(field.name()));
    }

    /** The schema of a file of these columns. */
    static MessageType schema(List<ParquetColumn> columns) {
        return new MessageType(
                "streamhouse", columns.stream().map(c -> (Type) c.parquet).toList());
    }

    private static PrimitiveTypeName primitive(DataType type) {
        return switch (type.root()) {
            case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
            case TINYINT, SMALLINT, INT, DATE -> PrimitiveTypeName.INT32;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_LTZ -> PrimitiveTypeName.INT64;
            case FLOAT -> PrimitiveTypeName.FLOAT;
            case DOUBLE -> PrimitiveTypeName.DOUBLE;
            case DECIMAL ->
                type.length() <= MAX_INT_DIGITS
                        ? PrimitiveTypeName.INT32
                        : type.length() <= MAX_LONG_DIGITS
                                ? PrimitiveTypeName.INT64
                                : PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
            case CHAR, VARCHAR, BINARY, VARBINARY -> PrimitiveTypeName.BINARY;
        };
    }

    private static LogicalTypeAnnotation logical(DataType type) {
        TimeUnit unit = type.isNanos() ? TimeUnit.NANOS : TimeUnit.MICROS;
        return switch (type.root()) {
            case BOOLEAN, INT, BIGINT, FLOAT, DOUBLE, BINARY, VARBINARY -> null;
            case TINYINT -> LogicalTypeAnnotation.intType(8, true);
            case SMALLINT -> LogicalTypeAnnotation.intType(16, true);
            case DATE -> LogicalTypeAnnotation.dateType();
            case TIME -> LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS);
            case TIMESTAMP -> LogicalTypeAnnotation.timestampType(false, unit);
            case TIMESTAMP_LTZ -> LogicalTypeAnnotation.timestampType(true, unit);
            case DECIMAL -> LogicalTypeAnnotation.decimalType(type.scale(), type.length());
            case CHAR, VARCHAR -> LogicalTypeAnnotation.stringType();
        };
    }

    /** Fewest bytes of two's complement that hold every number of {@code digits} digits. */
    private static int decimalBytes(int digits) {
        return BigInteger.TEN.pow(digits).subtract(BigInteger.ONE).bitLength() / 8 + 1;
    }

    boolean optional() {
        return field.nullable();
    }

    PrimitiveTypeName primitive() {
        return parquet.getPrimitiveTypeName();
    }

    PhysicalType memory() {
        return field.type().physical();
    }

    /** True if values are byte strings in memory. */
    boolean isBytes() {
        return memory() == PhysicalType.BYTES;
    }

    /** Bytes of a FIXED_LEN_BYTE_ARRAY, 0 for other types. */
    int fixedLength() {
        return parquet.getTypeLength();
    }

    /** Bytes of a number in PLAIN encoding; 0 for BOOLEAN and byte strings. */
    int numberBytes() {
        return switch (primitive()) {
            case INT32, FLOAT -> 4;
            case INT64, DOUBLE -> 8;
            default -> 0;
        };
    }

    /** True for the types that are delta encoded. */
    boolean isInteger() {
        return primitive() == PrimitiveTypeName.INT32 || primitive() == PrimitiveTypeName.INT64;
    }
}
