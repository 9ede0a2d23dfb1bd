package io.streamhouse.flink;

import io.streamhouse.flink.row.FlinkTypes;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.Options;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.types.utils.TypeConversions;

/** A table's definition between Flink's catalog and the table's schema. */
final class TableDefinition {
    private static final String BUCKET = "bucket";
    private static final String BUCKET_KEY = "bucket-key";

    private TableDefinition() {}

    /** The first schema of a table that is to be created; every feature that a table does not keep is refused. */
    static TableSchema toSchema(ResolvedCatalogTable table) {
        ResolvedSchema resolved = table.getResolvedSchema();
        Map<String, String> options = new TreeMap<>(table.getOptions());
        refuseForeignConnector(options);
        table.getDistribution().ifPresent(d -> addDistribution(d, options));
        Options.check(options);
        TableOptions parsed = TableOptions.parse(options);
        if (!resolved.getWatermarkSpecs().isEmpty()) {
            throw unsupported(
                    resolved.getWatermarkSpecs().get(0).getRowtimeAttribute(),
                    "has a watermark, which a table does not keep; declare it in a view or a temporary table LIKE this one");
        }
        TableSchema schema = TableSchema.create(
                columns(resolved),
                resolved.getPrimaryKey().map(UniqueConstraint::getColumns).orElse(List.of()),
                table.getPartitionKeys(),
                parsed.bucketKey(),
                parsed.buckets(),
                options);
        return schema.withComment(Optional.ofNullable(table.getComment()).orElse(""));
    }

    private static void refuseForeignConnector(Map<String, String> options) {
        String connector = options.get("connector");
        if (connector != null) {
            throw new StreamhouseException(
                    ErrorCode.UNKNOWN_OPTION,
                    "option 'connector' is not known: this catalog holds its own tables only; write CREATE TEMPORARY TABLE for connector '%s'"
                            .formatted(TableName.printable(connector)));
        }
    }

    private static List<Field> columns(ResolvedSchema resolved) {
        List<Field> fields = new ArrayList<>();
        for (Column column : resolved.getColumns()) {
            if (!column.isPhysical()) {
                throw unsupported(
                        column.getName(),
                        column instanceof Column.ComputedColumn
                                ? "is a computed column, which a table does not keep; compute it in a view"
                                : "is a metadata column, which tables do not have");
            }
            fields.add(new Field(
                    fields.size() + 1,
                    column.getName(),
                    FlinkTypes.toTableType(
                            column.getName(), column.getDataType().getLogicalType()),
                    column.getDataType().getLogicalType().isNullable(),
                    column.getComment().orElse("")));
        }
        return fields;
    }

    private static StreamhouseException unsupported(String column, String why) {
        return new StreamhouseException(
                ErrorCode.UNSUPPORTED_TYPE, "column '%s' %s".formatted(TableName.printable(column), why));
    }

    private static void addDistribution(TableDistribution distribution, Map<String, String> options) {
        if (distribution.getKind() == TableDistribution.Kind.RANGE) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "DISTRIBUTED BY RANGE is not available; tables are distributed BY HASH");
        }
        distribution.getBucketCount().ifPresent(n -> putOnce(options, BUCKET, Integer.toString(n)));
        if (!distribution.getBucketKeys().isEmpty()) {
            putOnce(options, BUCKET_KEY, String.join(",", distribution.getBucketKeys()));
        }
    }

    private static void putOnce(Map<String, String> options, String key, String value) {
        String before = options.put(key, value);
        if (before != null && !before.replace(" ", "").equals(value)) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "option '%s' is '%s', DISTRIBUTED says '%s'"
                            .formatted(key, TableName.printable(before), TableName.printable(value)));
        }
    }

    /** What Flink sees of a table; {@code snapshot} and {@code options} as the statement is to read it. */
    static CatalogTable toCatalogTable(TableSchema schema, Map<String, String> options, Optional<Long> snapshot) {
        Schema.Builder builder = Schema.newBuilder();
        for (Field f : schema.fields()) {
            builder.column(
                    f.name(), TypeConversions.fromLogicalToDataType(FlinkTypes.toFlinkType(f.type(), f.nullable())));
            if (!f.comment().isEmpty()) {
                builder.withComment(f.comment());
            }
        }
        if (schema.layout().hasKey()) {
            builder.primaryKey(schema.layout().primaryKey());
        }
        CatalogTable.Builder table = CatalogTable.newBuilder()
                .schema(builder.build())
                .comment(schema.comment())
                .partitionKeys(schema.layout().partitionKeys())
                .options(options);
        snapshot.ifPresent(table::snapshot);
        return table.build();
    }
}
