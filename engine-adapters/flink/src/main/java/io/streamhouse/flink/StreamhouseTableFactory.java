package io.streamhouse.flink;

import io.streamhouse.catalog.Table;
import io.streamhouse.flink.metadata.MetadataTable;
import io.streamhouse.flink.metadata.MetadataTableSource;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.option.ScanOptions;
import io.streamhouse.spec.option.SinkOptions;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;

/** Sources and sinks of one catalog's tables; statements bring their options, hints merged in. */
final class StreamhouseTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
    private final StreamhouseCatalog catalog;

    StreamhouseTableFactory(StreamhouseCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public String factoryIdentifier() {
        return StreamhouseCatalogFactory.IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        return CatalogErrors.translated(() -> {
            ObjectIdentifier id = context.getObjectIdentifier();
            Map<String, String> options = context.getCatalogTable().getOptions();
            Optional<MetadataTable> metadata = MetadataTable.of(id.getObjectName());
            if (metadata.isPresent()) {
                TableAddress base =
                        catalog.address(id.getDatabaseName(), metadata.get().base(id.getObjectName()));
                return MetadataTableSource.of(
                        base,
                        metadata.get(),
                        context.getPhysicalRowDataType(),
                        StatementOptions.checkMetadata(id.getObjectName(), metadata.get(), options));
            }
            Table table = catalog.table(TableName.of(id.getDatabaseName(), id.getObjectName()));
            boolean batch = isBatch(context);
            Optional<Long> travel = context.getCatalogTable().getSnapshot();
            StatementOptions.checkRead(table, travel, options, batch);
            String zone = context.getConfiguration().get(TableConfigOptions.LOCAL_TIME_ZONE);
            TableAddress address =
                    catalog.address(id.getDatabaseName(), id.getObjectName()).of(table);
            TableSchema schema = planned(table.schema(), context);
            ScanOptions scan = ScanOptions.parse(options, zoneOf(zone));
            return batch && !schema.layout().hasKey()
                    ? new PositionedTableSource(address, schema, scan, () -> newest(table))
                    : new StreamhouseTableSource(address, schema, scan, batch, () -> newest(table));
        });
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        return CatalogErrors.translated(() -> {
            ObjectIdentifier id = context.getObjectIdentifier();
            if (MetadataTable.of(id.getObjectName()).isPresent()) {
                throw new StreamhouseException(
                        ErrorCode.BAD_NAME, "metadata table '%s' cannot be written".formatted(id.getObjectName()));
            }
            Map<String, String> options = context.getCatalogTable().getOptions();
            Table table = catalog.table(TableName.of(id.getDatabaseName(), id.getObjectName()));
            StatementOptions.checkWrite(table, options, isBatch(context));
            return new StreamhouseTableSink(
                    catalog.address(id.getDatabaseName(), id.getObjectName()).of(table),
                    planned(table.schema(), context),
                    context.getCatalogTable().getResolvedSchema().getColumns(),
                    TableOptions.parse(options),
                    SinkOptions.parse(options),
                    isBatch(context),
                    context.getConfiguration().get(OptimizerConfigOptions.TABLE_OPTIMIZER_REUSE_SOURCE_ENABLED));
        });
    }

    private static long newest(Table table) {
        return CatalogErrors.translated(
                () -> table.snapshots().latest().map(Snapshot::id).orElse(0L));
    }

    private static ZoneId zoneOf(String zone) {
        return TableConfigOptions.LOCAL_TIME_ZONE.defaultValue().equals(zone)
                ? ZoneId.systemDefault()
                : ZoneId.of(zone);
    }

    private static boolean isBatch(Context context) {
        return context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
    }

    /** Refuses a table whose columns changed between planning the statement and opening the table. */
    private static TableSchema planned(TableSchema schema, Context context) {
        List<String> planned = context.getCatalogTable().getResolvedSchema().getColumnNames();
        List<String> stored = schema.fields().stream().map(Field::name).toList();
        if (!planned.equals(stored)) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the statement was planned for columns %s, the table has %s".formatted(planned, stored));
        }
        return schema;
    }
}
