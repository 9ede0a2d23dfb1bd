package io.streamhouse.flink;

import io.streamhouse.flink.sink.SinkSpec;
import io.streamhouse.flink.sink.Statement;
import io.streamhouse.flink.sink.StreamhouseSink;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.option.SinkOptions;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.type.TableLayout;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.Extent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.RowLevelModificationScanContext;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsOverwrite;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsRowLevelDelete;
import org.apache.flink.table.connector.sink.abilities.SupportsRowLevelUpdate;
import org.apache.flink.table.connector.sink.abilities.SupportsTruncate;
import org.apache.flink.types.RowKind;

/**
 * A table as the target of INSERT, UPDATE, DELETE and TRUNCATE; knows the commit user that was made when the statement was
 * planned.
 */
final class StreamhouseTableSink
        implements DynamicTableSink,
                SupportsPartitioning,
                SupportsOverwrite,
                SupportsTruncate,
                SupportsRowLevelUpdate,
                SupportsRowLevelDelete {
    private final TableAddress address;
    private final TableSchema schema;
    private final TableLayout layout;

    /** Columns of the table as Flink has them. */
    private final List<Column> columns;

    private final TableOptions table;
    private final SinkOptions options;
    private final boolean batch;

    /** Whether the planner may replace several scans of a table by one that knows nothing of the statement. */
    private final boolean sharesScans;

    private final String plannedUser;

    private Statement statement = new Statement.Insert();

    /** Partition columns whose value the statement names, as text. */
    private Map<String, String> staticPartition = Map.of();

    private boolean overwrites;

    StreamhouseTableSink(
            TableAddress address,
            TableSchema schema,
            List<Column> columns,
            TableOptions table,
            SinkOptions options,
            boolean batch,
            boolean sharesScans) {
        this(
                address,
                schema,
                columns,
                table,
                options,
                batch,
                sharesScans,
                UUID.randomUUID().toString());
    }

    private StreamhouseTableSink(
            TableAddress address,
            TableSchema schema,
            List<Column> columns,
            TableOptions table,
            SinkOptions options,
            boolean batch,
            boolean sharesScans,
            String plannedUser) {
        this.address = address;
        this.schema = schema;
        this.layout = schema.layout();
        this.columns = List.copyOf(columns);
        this.table = table;
        this.options = options;
        this.batch = batch;
        this.sharesScans = sharesScans;
        this.plannedUser = plannedUser;
    }

    /** What the query gives, without before-images: they only name a key whose after-image follows. */
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        if (!layout.hasKey()) {
            return ChangelogMode.insertOnly();
        }
        ChangelogMode.Builder mode = ChangelogMode.newBuilder();
        requested.getContainedKinds().stream()
                .filter(k -> k != RowKind.UPDATE_BEFORE)
                .forEach(mode::addContainedKind);
        return mode.keyOnlyDeletes(requested.contains(RowKind.DELETE)).build();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        SinkSpec spec = new SinkSpec(
                address,
                plannedUser,
                options.commitUser().orElse(""),
                options.onOlderSavepoint() == OlderSavepoint.NEW_USER,
                table.writeBufferSize().bytes(),
                batch,
                table.compactionDebtLimit().bytes(),
                options.writeOnly());
        boolean shuffled = !statement.isByPosition()
                && (layout.hasKey() || !layout.bucketKey().isEmpty());
        StreamhouseSink sink =
                new StreamhouseSink(spec, overwrites ? new Statement.Replacement(extent()) : statement, shuffled);
        return options.parallelism().isPresent()
                ? SinkV2Provider.of(sink, options.parallelism().getAsInt())
                : SinkV2Provider.of(sink);
    }

    /** What an INSERT OVERWRITE replaces. */
    private Extent extent() {
        if (layout.partitionKeys().isEmpty()) {
            return new Extent.Everything();
        }
        return staticPartition.keySet().containsAll(layout.partitionKeys())
                ? new Extent.Partitions(CatalogErrors.translated(() -> PartitionText.values(schema, staticPartition)))
                : new Extent.OfNewRows();
    }

    /** Rows come with their partition columns, fixed ones too; only an overwrite wants to know which are fixed. */
    @Override
    public void applyStaticPartition(Map<String, String> partition) {
        staticPartition = Map.copyOf(partition);
    }

    @Override
    public void applyOverwrite(boolean overwrite) {
        if (overwrite) {
            requireBatch("INSERT OVERWRITE");
        }
        overwrites = overwrite;
    }

    @Override
    public void executeTruncation() {
        requireBatch("TRUNCATE TABLE");
        CatalogErrors.translated(() -> {
            try (OpenTable open = address.open()) {
                Removals.publish(open.table(), new Extent.Everything());
            }
            return null;
        });
    }

    @Override
    public RowLevelUpdateInfo applyRowLevelUpdate(List<Column> updated, RowLevelModificationScanContext context) {
        pinTo("UPDATE", context);
        for (Column column : updated) {
            requireValueColumn(column.getName());
        }
        Optional<List<Column>> required = layout.hasKey() ? Optional.empty() : Optional.of(withPositions());
        return new RowLevelUpdateInfo() {
            @Override
            public Optional<List<Column>> requiredColumns() {
                return required;
            }
        };
    }

    @Override
    public RowLevelDeleteInfo applyRowLevelDelete(RowLevelModificationScanContext context) {
        pinTo("DELETE", context);
        Optional<List<Column>> required =
                layout.hasKey() ? Optional.empty() : Optional.of(PositionedTableSource.columns());
        return new RowLevelDeleteInfo() {
            @Override
            public Optional<List<Column>> requiredColumns() {
                return required;
            }
        };
    }

    private List<Column> withPositions() {
        return Stream.concat(columns.stream(), PositionedTableSource.columns().stream())
                .toList();
    }

    private void pinTo(String what, RowLevelModificationScanContext context) {
        requireBatch(what);
        StatementBases.Base base = StatementBases.of(context)
                .of(address)
                .orElseThrow(() -> refused(
                        ErrorCode.BAD_OPTION_VALUE,
                        "%s of %s changes the newest snapshot's rows and cannot read others; leave out the options 'scan.…'",
                        what,
                        address));
        if (base.scans() > 1 && sharesScans) {
            throw refused(
                    ErrorCode.BAD_OPTION_VALUE,
                    "'%s' = 'true'; %s of %s names the table more than once, and with shared scans Flink forgets which"
                            + " snapshot is to be read; allowed: 'false'",
                    OptimizerConfigOptions.TABLE_OPTIMIZER_REUSE_SOURCE_ENABLED.key(),
                    what,
                    address);
        }
        statement = new Statement.RowChanges(base.snapshotId(), !layout.hasKey());
    }

    private void requireValueColumn(String column) {
        String what = layout.primaryKey().contains(column)
                ? "a key column"
                : layout.partitionKeys().contains(column)
                        ? "a partition column"
                        : layout.bucketKey().contains(column) ? "a bucket column" : "";
        if (!what.isEmpty()) {
            throw refused(
                    ErrorCode.BAD_KEY,
                    "UPDATE cannot set '%s', which is %s of %s; delete the row and insert it anew",
                    column,
                    what,
                    address);
        }
    }

    private void requireBatch(String what) {
        if (!batch) {
            throw refused(
                    ErrorCode.BAD_OPTION_VALUE,
                    "'execution.runtime-mode' = 'streaming'; allowed for %s of %s: 'batch'",
                    what,
                    address);
        }
    }

    private static RuntimeException refused(ErrorCode code, String message, Object... values) {
        return CatalogErrors.translate(new StreamhouseException(code, message.formatted(values)));
    }

    @Override
    public DynamicTableSink copy() {
        StreamhouseTableSink copy =
                new StreamhouseTableSink(address, schema, columns, table, options, batch, sharesScans, plannedUser);
        copy.statement = statement;
        copy.staticPartition = staticPartition;
        copy.overwrites = overwrites;
        return copy;
    }

    @Override
    public String asSummaryString() {
        return "Streamhouse table " + address;
    }
}
