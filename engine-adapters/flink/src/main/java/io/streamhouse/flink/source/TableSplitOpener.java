package io.streamhouse.flink.source;

import io.streamhouse.catalog.Table;
import io.streamhouse.flink.row.BatchRow;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.read.ChangeSplit;
import io.streamhouse.read.ChangeSplitCodec;
import io.streamhouse.read.ChangeSplitReader;
import io.streamhouse.read.ScanSplit;
import io.streamhouse.read.ScanSplitCodec;
import io.streamhouse.read.ScanSplitReader;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/** Opens splits of a table for one reader, and counts what it reads. One thread, but for the gauge. */
final class TableSplitOpener implements SplitOpener {
    private final OpenTable open;
    private final ReadRequest request;
    private final List<PositionColumn> positions;
    private final BatchRow.Shape shape;
    private final Counter bytes;
    private volatile long lastCommitMillis;

    /** Rows that this reader may still deliver. */
    private long remaining;

    private TableSplitOpener(OpenTable open, ScanSpec spec, SourceReaderMetricGroup metrics) throws IOException {
        this.open = open;
        this.request = ReadRequest.of(open.table().schema(spec.schemaId()), spec.columns(), spec.filter());
        this.positions = spec.positions();
        this.shape = new BatchRow.Shape(
                Stream.concat(request.columns().stream(), positions.stream().map(PositionColumn::field))
                        .toList());
        this.remaining = spec.limit();
        this.bytes = metrics.getIOMetricGroup().getNumBytesInCounter();
        metrics.gauge("commitLagMillis", this::lagMillis);
    }

    static TableSplitOpener open(ScanSpec spec, SourceReaderMetricGroup metrics) throws IOException {
        OpenTable open = spec.address().open();
        try {
            return new TableSplitOpener(open, spec, metrics);
        } catch (StreamhouseException e) {
            open.close();
            throw TaskErrors.of(e);
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    /** Age of the newest commit that was read, when it was read last; 0 before the first. */
    private long lagMillis() {
        long commit = lastCommitMillis;
        return commit == 0 ? 0 : Math.max(0, System.currentTimeMillis() - commit);
    }

    @Override
    public Rows open(TableSplit split) throws IOException {
        Table table = open.table();
        return switch (split.kind()) {
            case SCAN -> {
                ScanSplit scan = ScanSplitCodec.read(split.payload());
                yield new ScanRows(
                        split.splitId(),
                        scan.fileId(),
                        ScanSplitReader.open(table, scan, request, split.rowsConsumed()));
            }
            case FULL, CHANGES -> {
                ChangeSplit changes = ChangeSplitCodec.read(split.payload());
                lastCommitMillis = changes.what().commit().timeMillis();
                yield new ChangeRows(
                        split.splitId(), ChangeSplitReader.open(table, changes, request, split.rowsConsumed()));
            }
        };
    }

    @Override
    public void close() throws IOException {
        open.close();
    }

    /** Rows of a scan, cut off at the limit. */
    private final class ScanRows implements Rows {
        private final String splitId;
        private final UUID file;
        private final ScanSplitReader reader;

        ScanRows(String splitId, UUID file, ScanSplitReader reader) {
            this.splitId = splitId;
            this.file = file;
            this.reader = reader;
        }

        @Override
        public Optional<RowBatch> next() throws IOException {
            ScanSplitReader.PositionedBatch batch = remaining > 0 ? reader.nextPositioned() : null;
            if (batch == null) {
                return Optional.empty();
            }
            int count = (int) Math.min(remaining, batch.rows().selectedCount());
            remaining -= count;
            bytes.inc(batch.rows().sizeBytes());
            return Optional.of(
                    RowBatch.of(splitId, shape, positioned(batch), null, firstOf(batch.rowsConsumed(), count)));
        }

        private ColumnBatch positioned(ScanSplitReader.PositionedBatch batch) {
            ColumnBatch rows = batch.rows();
            if (positions.isEmpty()) {
                return rows;
            }
            List<ColumnVector> out = new ArrayList<>(rows.columns());
            for (PositionColumn column : positions) {
                out.add(
                        switch (column) {
                            case FILE_HIGH -> constant(file.getMostSignificantBits(), rows.rowCount());
                            case FILE_LOW -> constant(file.getLeastSignificantBits(), rows.rowCount());
                            case FILE_ROW -> rowsOf(batch);
                        });
            }
            return new ColumnBatch(out, rows.rowCount(), rows.selection());
        }

        private static ColumnVector constant(long value, int size) {
            long[] values = new long[size];
            Arrays.fill(values, value);
            return new ColumnVector.Longs(size, null, values);
        }

        private static ColumnVector rowsOf(ScanSplitReader.PositionedBatch batch) {
            int[] filePositions = batch.filePositions().get();
            int[] values = new int[batch.rows().rowCount()];
            for (int i = 0; i < filePositions.length; i++) {
                values[batch.rows().position(i)] = filePositions[i];
            }
            return new ColumnVector.Ints(values.length, null, values);
        }

        private static long[] firstOf(long[] positions, int count) {
            return count == positions.length ? positions : Arrays.copyOf(positions, count);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** Changes of a commit, or a bucket of a snapshot. */
    private final class ChangeRows implements Rows {
        private final String splitId;
        private final ChangeSplitReader reader;

        ChangeRows(String splitId, ChangeSplitReader reader) {
            this.splitId = splitId;
            this.reader = reader;
        }

        @Override
        public Optional<RowBatch> next() throws IOException {
            ChangeBatch batch = reader.next();
            if (batch == null) {
                return Optional.empty();
            }
            bytes.inc(batch.rows().sizeBytes());
            return Optional.of(RowBatch.of(splitId, shape, batch.rows(), batch.kinds(), batch.rowsConsumed()));
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
