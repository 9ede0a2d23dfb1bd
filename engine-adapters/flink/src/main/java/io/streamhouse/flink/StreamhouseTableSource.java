package io.streamhouse.flink;

import io.streamhouse.flink.row.FlinkTypes;
import io.streamhouse.flink.source.PositionColumn;
import io.streamhouse.flink.source.ScanRange;
import io.streamhouse.flink.source.ScanSpec;
import io.streamhouse.flink.source.StatementPin;
import io.streamhouse.flink.source.StreamhouseSource;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.option.ScanOptions;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.RowLevelModificationScanContext;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsRowLevelModificationScan;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;

/**
 * A table as the planner sees it. Batch: the merged rows of one snapshot. Stream: its changes with true before-images,
 * so that the planner needs to keep no copy of the table.
 */
class StreamhouseTableSource
        implements ScanTableSource,
                SupportsProjectionPushDown,
                SupportsFilterPushDown,
                SupportsLimitPushDown,
                SupportsRowLevelModificationScan {
    private final TableAddress address;
    private final TableSchema schema;
    private final ScanOptions options;
    private final boolean batch;

    /** Newest snapshot of the table, 0 for none. */
    private final LongSupplier newest;

    private ScanIntent intent;
    private Optional<StatementPin> pin = Optional.empty();

    /** Where rows stand, as far as that is read, behind the columns of the table. */
    private List<PositionColumn> positions = List.of();

    StreamhouseTableSource(
            TableAddress address, TableSchema schema, ScanOptions options, boolean batch, LongSupplier newest) {
        this.address = address;
        this.schema = schema;
        this.options = options;
        this.batch = batch;
        this.newest = newest;
        this.intent = new ScanIntent(
                IntStream.range(0, schema.fields().size()).toArray(), Optional.empty(), OptionalLong.empty());
    }

    StreamhouseTableSource(StreamhouseTableSource other) {
        this.address = other.address;
        this.schema = other.schema;
        this.options = other.options;
        this.batch = other.batch;
        this.newest = other.newest;
        this.intent = other.intent;
        this.pin = other.pin;
        this.positions = other.positions;
    }

    /** Says which of the columns about positions are read. */
    final void readPositions(List<PositionColumn> columns) {
        positions = List.copyOf(columns);
    }

    @Override
    public ChangelogMode getChangelogMode() {
        if (batch || !schema.layout().hasKey()) {
            return ChangelogMode.insertOnly();
        }
        return upserts() ? ChangelogMode.upsert() : ChangelogMode.all();
    }

    private boolean upserts() {
        return options.shape() == ChangelogShape.UPSERT && schema.layout().hasKey();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        ScanSpec spec = new ScanSpec(
                address,
                schema.id(),
                schema.project(intent.projection()).stream().map(Field::name).toList(),
                positions,
                intent.filter().orElse(null),
                intent.limit().orElse(ScanSpec.NO_LIMIT),
                pin.map(p -> ScanRange.pinnedTo(p.snapshotId())).orElseGet(() -> ScanRange.of(options, upserts())),
                batch);
        return SourceProvider.of(new StreamhouseSource(spec, pin));
    }

    @Override
    public boolean supportsNestedProjection() {
        return false;
    }

    @Override
    public void applyProjection(int[][] fields, DataType produced) {
        intent = intent.withProjection(
                Arrays.stream(fields).mapToInt(path -> path[0]).toArray());
    }

    @Override
    public Result applyFilters(List<ResolvedExpression> filters) {
        // an upsert stream is normalised downstream: a version that is filtered out must still replace the older one
        if (!batch && upserts()) {
            return Result.of(List.of(), filters);
        }
        intent = intent.withFilter(FilterTranslator.translate(filters));
        List<ResolvedExpression> accepted =
                filters.stream().filter(FilterTranslator::isTranslatable).toList();
        return Result.of(accepted, filters);
    }

    @Override
    public void applyLimit(long limit) {
        // a limit over changes is kept by the operator after the source
        if (batch) {
            intent = intent.withLimit(limit);
        }
    }

    /** Fixes the snapshot of an UPDATE or DELETE: all its scans of a table and its writers have the same one. */
    @Override
    public RowLevelModificationScanContext applyRowLevelModificationScan(
            RowLevelModificationType type, RowLevelModificationScanContext previous) {
        StatementBases bases = StatementBases.of(previous);
        if (!batch || !readsNewest()) {
            return bases;
        }
        StatementBases fixed = bases.with(address, newest);
        long base = fixed.of(address).orElseThrow().snapshotId();
        pin = Optional.of(new StatementPin(base, "%s that reads %s at snapshot %d".formatted(type, address, base)));
        return fixed;
    }

    private boolean readsNewest() {
        return switch (options.mode()) {
            case DEFAULT, LATEST_FULL, LATEST -> true;
            case EARLIEST, FROM_TIMESTAMP, FROM_SNAPSHOT, FROM_SNAPSHOT_FULL -> false;
        };
    }

    @Override
    public DynamicTableSource copy() {
        return new StreamhouseTableSource(this);
    }

    @Override
    public String asSummaryString() {
        return "Streamhouse table %s %s"
                .formatted(address, FlinkTypes.toRowType(schema.fields()).asSummaryString());
    }
}
