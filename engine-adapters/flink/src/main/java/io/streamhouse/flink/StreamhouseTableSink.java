package io.streamhouse.flink;

import io.streamhouse.flink.sink.SinkSpec;
import io.streamhouse.flink.sink.StreamhouseSink;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.option.SinkOptions;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.type.TableLayout;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.types.RowKind;

/** A table as the target of an INSERT; knows the commit user that was made when the statement was planned. */
final class StreamhouseTableSink implements DynamicTableSink, SupportsPartitioning {
    private final TableAddress address;
    private final TableLayout layout;
    private final TableOptions table;
    private final SinkOptions options;
    private final boolean batch;
    private final String plannedUser;

    StreamhouseTableSink(
            TableAddress address, TableLayout layout, TableOptions table, SinkOptions options, boolean batch) {
        this(address, layout, table, options, batch, UUID.randomUUID().toString());
    }

    private StreamhouseTableSink(
            TableAddress address,
            TableLayout layout,
            TableOptions table,
            SinkOptions options,
            boolean batch,
            String plannedUser) {
        this.address = address;
        this.layout = layout;
        this.table = table;
        this.options = options;
        this.batch = batch;
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
        boolean shuffled = layout.hasKey() || !layout.bucketKey().isEmpty();
        StreamhouseSink sink = new StreamhouseSink(spec, shuffled);
        return options.parallelism().isPresent()
                ? SinkV2Provider.of(sink, options.parallelism().getAsInt())
                : SinkV2Provider.of(sink);
    }

    /** Nothing to keep: rows come with their partition columns, fixed ones too. */
    @Override
    public void applyStaticPartition(Map<String, String> partition) {}

    @Override
    public DynamicTableSink copy() {
        return new StreamhouseTableSink(address, layout, table, options, batch, plannedUser);
    }

    @Override
    public String asSummaryString() {
        return "Streamhouse table " + address;
    }
}
