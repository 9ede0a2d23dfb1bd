package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.column.ColumnBatch;
import java.io.Closeable;
import java.io.IOException;

/** The rows of a flush in output order, from memory or from local files. One thread. */
interface RowSource extends Closeable {
    /** Bytes of a batch on average; the format allows 64 MiB. */
    long BATCH_BYTES = 16L << 20;

    /** Rows in all. */
    int rowCount();

    /** Heap bytes of a row on average; decides which slices get files of their own. */
    double bytesPerRow();

    /** Rows of a batch that stays within 16 MiB as far as the average row tells, at most a full batch. */
    default int batchRows() {
        return (int) Math.max(1, Math.min(ColumnFiles.BATCH_ROWS, BATCH_BYTES / Math.max(1, bytesPerRow())));
    }

    /** A dense batch of rows {@code [from, to)} in output order, at least one. */
    ColumnBatch rows(int from, int to) throws IOException;

    /** A dense batch of the rows at ascending places of the output order. */
    ColumnBatch rows(int[] places) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * Rows of one memtable.
     *
     * @param batch all buffered rows
     * @param order positions in {@code batch} in output order
     */
    record InMemory(ColumnBatch batch, int[] order) implements RowSource {
        @Override
        public int rowCount() {
            return order.length;
        }

        @Override
        public double bytesPerRow() {
            return batch.sizeBytes() / (double) Math.max(1, batch.rowCount());
        }

        @Override
        public ColumnBatch rows(int from, int to) {
            return batch.gather(order, from, to);
        }

        @Override
        public ColumnBatch rows(int[] places) {
            int[] positions = new int[places.length];
            for (int i = 0; i < places.length; i++) {
                positions[i] = order[places[i]];
            }
            return batch.gather(positions, 0, positions.length);
        }

        @Override
        public void close() {
            // nothing but heap
        }
    }
}
