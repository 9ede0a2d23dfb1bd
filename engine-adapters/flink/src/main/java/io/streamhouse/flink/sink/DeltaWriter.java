package io.streamhouse.flink.sink;

import io.streamhouse.catalog.Table;
import io.streamhouse.flink.row.RowDataView;
import io.streamhouse.flink.source.PositionColumn;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.read.Pause;
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
    /** The fault {@code lost-update}: one row of so many is passed over, the first among them. */
    private static final long LOST_UPDATE_INTERVAL = 1_000;

    private final OpenTable open;
    private final TableWriter writer;
    private final boolean byPosition;
    private final RowDataView rows;
    private final Optional<WrongRow> sabotage;
    private final WriteThrottle throttle;
    private final boolean losesUpdates;
    private long offeredUpdates;
    private final Counter sentRows;
    private final Counter sentBytes;

    private DeltaWriter(
            OpenTable open,
            TableWriter writer,
            Statement statement,
            WriteThrottle throttle,
            WriterInitContext context) {
        this.open = open;
        this.writer = writer;
        this.byPosition = statement.isByPosition();
        this.throttle = throttle;
        context.metricGroup().gauge("throttledMillis", throttle::pausedMillis);
        this.rows = new RowDataView(open.table().schema().fields());
        this.sabotage = Sabotage.WRONG_ROW.isActive()
                ? Optional.of(new WrongRow(open.table().schema()))
                : Optional.empty();
        this.losesUpdates = Sabotage.LOST_UPDATE.isActive() && statement instanceof Statement.RowChanges;
        this.sentRows = context.metricGroup().getNumRecordsSendCounter();
        this.sentBytes = context.metricGroup().getNumBytesSendCounter();
    }

    static DeltaWriter open(SinkSpec spec, Statement statement, WriterInitContext context) throws IOException {
        TaskInfo task = context.getTaskInfo();
        OpenTable open = spec.address().open();
        WriterSettings settings = new WriterSettings(
                task.getIndexOfThisSubtask(),
                task.getNumberOfParallelSubtasks(),
                new DataSize(spec.bufferBytes()),
                Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-spill-" + UUID.randomUUID()));
        try {
            WriteThrottle throttle = new WriteThrottle(spec.debtLimitBytes(), System::nanoTime, Pause.real());
            return new DeltaWriter(open, writer(open.table(), settings, statement), statement, throttle, context);
        } catch (StreamhouseException e) {
            open.close();
            throw TaskErrors.of(e);
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static TableWriter writer(Table table, WriterSettings settings, Statement statement) throws IOException {
        if (statement instanceof Statement.Replacement) {
            return TableWriter.forOverwrite(table, settings);
        }
        if (statement instanceof Statement.RowChanges changes && changes.byPosition() && changes.base() > 0) {
            return TableWriter.forPositions(table, settings, changes.base());
        }
        // a statement that found no snapshot reads nothing, so it has nothing to look up
        return statement instanceof Statement.RowChanges changes && changes.base() > 0
                ? TableWriter.forRowDelta(table, settings, changes.base())
                : TableWriter.forEngine(table, settings);
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
        if (losesUpdates && kind == RowKind.UPDATE_AFTER && offeredUpdates++ % LOST_UPDATE_INTERVAL == 0) {
            return;
        }
        RowView view = rows.of(row);
        if (sabotage.isPresent()) {
            view = sabotage.get().of(kind, view);
        }
        try {
            write(kind, view, row);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
        sentRows.inc();
        throttle.row();
    }

    private void write(RowKind kind, RowView view, RowData row) throws IOException {
        if (!byPosition) {
            writer.write(kind, view);
            return;
        }
        int first = row.getArity() - PositionColumn.values().length;
        UUID file = new UUID(
                row.getLong(first + PositionColumn.FILE_HIGH.ordinal()),
                row.getLong(first + PositionColumn.FILE_LOW.ordinal()));
        int position = row.getInt(first + PositionColumn.FILE_ROW.ordinal());
        if (kind == RowKind.DELETE) {
            writer.remove(file, position);
        } else {
            writer.replace(file, position, view);
        }
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

    /**
     * The snapshot that a delta was looked up in; the chain still remembers it, if it has not expired. It only says how much
     * to slow down: a checkpoint does not fail because it cannot be read.
     */
    private Optional<Snapshot> base(TableDelta delta) {
        try {
            return delta.since() == 0
                    ? Optional.empty()
                    : Optional.of(open.table().snapshots().snapshot(delta.since()));
        } catch (IOException | StreamhouseException e) {
            return Optional.empty();
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
