package io.streamhouse.columnar;

import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Parquet types of our columns: one physical type and logical annotation per SQL type, Iceberg-legal. */
final class ParquetTypes {
    private static final int INT32_DIGITS = 9;
    private static final int INT64_DIGITS = 18;

    private ParquetTypes() {}

    static MessageType message(List<Field> columns) {
        List<Type> types = new ArrayList<>();
        for (Field f : columns) {
            types.add(type(f));
        }
        return new MessageType("table", types);
    }

    private static PrimitiveType type(Field f) {
        DataType t = f.type();
        var builder = f.nullable() ? Types.optional(physical(t)) : Types.required(physical(t));
        if (physical(t) == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
            builder = builder.length(16);
        }
        LogicalTypeAnnotation logical = logical(t);
        return (logical == null ? builder : builder.as(logical)).id(f.id()).named(f.name());
    }

    static PrimitiveTypeName physical(DataType t) {
        return switch (t.root()) {
            case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
            case TINYINT, SMALLINT, INT, DATE -> PrimitiveTypeName.INT32;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMP_LTZ -> PrimitiveTypeName.INT64;
            case FLOAT -> PrimitiveTypeName.FLOAT;
            case DOUBLE -> PrimitiveTypeName.DOUBLE;
            case DECIMAL ->
                t.length() <= INT32_DIGITS
                        ? PrimitiveTypeName.INT32
                        : t.length() <= INT64_DIGITS ? PrimitiveTypeName.INT64 : PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
            case CHAR, VARCHAR, BINARY, VARBINARY -> PrimitiveTypeName.BINARY;
        };
    }

    private static LogicalTypeAnnotation logical(DataType t) {
        return switch (t.root()) {
            case TINYINT, SMALLINT, INT, BIGINT, BOOLEAN, FLOAT, DOUBLE, BINARY, VARBINARY -> null;
            case DECIMAL -> LogicalTypeAnnotation.decimalType(t.scale(), t.length());
            case CHAR, VARCHAR -> LogicalTypeAnnotation.stringType();
            case DATE -> LogicalTypeAnnotation.dateType();
            case TIME -> LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS);
            case TIMESTAMP ->
                LogicalTypeAnnotation.timestampType(false, t.isNanos() ? TimeUnit.NANOS : TimeUnit.MICROS);
            case TIMESTAMP_LTZ ->
                LogicalTypeAnnotation.timestampType(true, t.isNanos() ? TimeUnit.NANOS : TimeUnit.MICROS);
        };
    }
}
