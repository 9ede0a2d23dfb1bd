package io.streamhouse.flink.sink;

import io.streamhouse.flink.row.RowDataView;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.read.Pause;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.Sabotage;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;

/** One writer task: rows into the table's writer, one result per barrier. */
final class DeltaWriter implements CommittingSinkWriter<RowData, TableDelta> {
    private final OpenTable open;
    private final TableWriter writer;
    private final RowDataView rows;
    private final Optional<WrongRow> sabotage;
    private final WriteThrottle throttle;
    private final Counter sentRows;
    private final Counter sentBytes;

    private DeltaWriter(OpenTable open, TableWriter writer, WriteThrottle throttle, WriterInitContext context) {
        this.open = open;
        this.writer = writer;
        this.throttle = throttle;
        context.metricGroup().gauge("throttledMillis", throttle::pausedMillis);
        this.rows = new RowDataView(open.table().schema().fields());
        this.sabotage = Sabotage.WRONG_ROW.isActive()
                ? Optional.of(new WrongRow(open.table().schema()))
                : Optional.empty();
        this.sentRows = context.metricGroup().getNumRecordsSendCounter();
        this.sentBytes = context.metricGroup().getNumBytesSendCounter();
    }

    static DeltaWriter open(SinkSpec spec, WriterInitContext context) throws IOException {
        TaskInfo task = context.getTaskInfo();
        OpenTable open = spec.address().open();
        WriterSettings settings = new WriterSettings(
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks(),
                new DataSize(spec.bufferBytes()),
                Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-spill-" + UUID.randomUUID()));
        try {
            WriteThrottle throttle = new WriteThrottle(spec.debtLimitBytes(), System::nanoTime, Pause.real());
            return new DeltaWriter(open, TableWriter.forEngine(open.table(), settings), throttle, context);
        } catch (StreamhouseException e) {
            open.close();
            throw TaskErrors.of(e);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    @Override
    public void write(RowData row, Context context) throws IOException {
        RowKind kind =
                switch (row.getRowKind()) {
                    case INSERT -> RowKind.INSERT;
                    case UPDATE_BEFORE -> RowKind.UPDATE_BEFORE;
                    case UPDATE_AFTER -> RowKind.UPDATE_AFTER;
                    case DELETE -> RowKind.DELETE;
                };
        RowView view = rows.of(row);
        if (sabotage.isPresent()) {
            view = sabotage.get().of(kind, view);
        }
        try {
            writer.write(kind, view);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
        sentRows.inc();
        throttle.row();
    }

    @Override
    public void flush(boolean endOfInput) {
        // everything happens in prepareCommit, which Flink calls directly after this
    }

    @Override
    public Collection<TableDelta> prepareCommit() throws IOException {
        try {
            Optional<TableDelta> delta = writer.flush();
            if (delta.isPresent()) {
                throttle.flushed(base(delta.get()).map(Snapshot::properties).orElse(Map.of()));
            }
            delta.ifPresent(d -> sentBytes.inc(
                    d.files().stream().mapToLong(f -> f.object().sizeBytes()).sum()));
            return delta.map(List::of).orElse(List.of());
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    /** The snapshot that a delta was looked up in; the chain still remembers it, if it has not expired. */
    private Optional<Snapshot> base(TableDelta delta) throws IOException {
        try {
            return delta.since() == 0
                    ? Optional.empty()
                    : Optional.of(open.table().snapshots().snapshot(delta.since()));
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.SNAPSHOT_EXPIRED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            open.close();
        }
    }
}
