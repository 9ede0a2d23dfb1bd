package io.streamhouse.flink.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SupportsSplitReassignmentOnRecovery;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** A table as a Flink source; holds plain values, tables are opened by the tasks. */
public final class StreamhouseSource
        implements Source<RowData, TableSplit, EnumeratorState>, SupportsSplitReassignmentOnRecovery {
    private static final long serialVersionUID = 1L;

    private final ScanSpec spec;

    /** Of the scan of an UPDATE or DELETE, otherwise null. */
    private final StatementPin pin;

    public StreamhouseSource(ScanSpec spec) {
        this(spec, Optional.empty());
    }

    /** @param pin the snapshot of the UPDATE or DELETE that scans; {@code spec} reads it */
    public StreamhouseSource(ScanSpec spec, Optional<StatementPin> pin) {
        this.spec = Objects.requireNonNull(spec);
        this.pin = pin.orElse(null);
    }

    @Override
    public Boundedness getBoundedness() {
        return spec.batch() || spec.range().bound() != ScanRange.Bound.NONE
                ? Boundedness.BOUNDED
                : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<TableSplit, EnumeratorState> createEnumerator(SplitEnumeratorContext<TableSplit> context)
            throws IOException {
        return restoreEnumerator(context, EnumeratorState.START);
    }

    @Override
    public SplitEnumerator<TableSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<TableSplit> context, EnumeratorState state) throws IOException {
        SplitPlanner planner = spec.batch() ? SnapshotPlanner.open(spec) : ChangesPlanner.open(spec);
        Optional<Duration> interval = spec.batch()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(spec.range().discoveryMillis()));
        TableEnumerator scan = new TableEnumerator(context, planner, !spec.batch(), interval, state);
        return pin == null ? scan : new PinnedEnumerator(context, scan, spec.address(), pin, PinnedEnumerator.LEASE);
    }

    @Override
    public SourceReader<RowData, TableSplit> createReader(SourceReaderContext context) throws IOException {
        return new TableSourceReader(TableSplitOpener.open(spec, context.metricGroup()), context);
    }

    @Override
    public SimpleVersionedSerializer<TableSplit> getSplitSerializer() {
        return new TableSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }
}
