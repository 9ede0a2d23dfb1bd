package io.streamhouse.flink.source;

import io.streamhouse.catalog.Table;
import io.streamhouse.flink.row.BatchRow;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.read.ChangeSplit;
import io.streamhouse.read.ChangeSplitCodec;
import io.streamhouse.read.ChangeSplitReader;
import io.streamhouse.read.ScanSplitCodec;
import io.streamhouse.read.ScanSplitReader;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/** Opens splits of a table for one reader, and counts what it reads. One thread, but for the gauge. */
final class TableSplitOpener implements SplitOpener {
    private final OpenTable open;
    private final ReadRequest request;
    private final BatchRow.Shape shape;
    private final Counter bytes;
    private volatile long lastCommitMillis;

    /** Rows that this reader may still deliver. */
    private long remaining;

    private TableSplitOpener(OpenTable open, ScanSpec spec, SourceReaderMetricGroup metrics) throws IOException {
        this.open = open;
        this.request = ReadRequest.of(open.table().schema(spec.schemaId()), spec.columns(), spec.filter());
        this.shape = new BatchRow.Shape(request.columns());
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
            case SCAN ->
                new ScanRows(
                        split.splitId(),
                        ScanSplitReader.open(
                                table, ScanSplitCodec.read(split.payload()), request, split.rowsConsumed()));
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
        private final ScanSplitReader reader;

        ScanRows(String splitId, ScanSplitReader reader) {
            this.splitId = splitId;
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
            return Optional.of(RowBatch.of(splitId, shape, batch.rows(), null, firstOf(batch.rowsConsumed(), count)));
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
