package io.streamhouse.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Rows of several sources in ascending order of keys, one at a time and without copying: a binary heap of the sources'
 * current rows. Holds one batch per source.
 */
final class KeyMerge implements Closeable {
    private final Cursor[] all;
    private final Cursor[] heap;
    private int size;
    private boolean started;

    KeyMerge(List<? extends RowSource> sources) {
        this.all = sources.stream().map(Cursor::new).toArray(Cursor[]::new);
        this.heap = new Cursor[all.length];
    }

    /** Moves to the next row; false at the end. */
    boolean next() throws IOException {
        if (!started) {
            start();
            return size > 0;
        }
        if (size == 0) {
            return false;
        }
        if (!heap[0].advance()) {
            heap[0] = heap[--size];
            heap[size] = null;
        }
        siftDown(0);
        return size > 0;
    }

    private void start() throws IOException {
        started = true;
        for (Cursor c : all) {
            if (c.advance()) {
                heap[size++] = c;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
    }

    private void siftDown(int at) {
        int i = at;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && heap[child + 1].compareTo(heap[child]) < 0) {
                child++;
            }
            if (heap[i].compareTo(heap[child]) <= 0) {
                return;
            }
            Cursor c = heap[i];
            heap[i] = heap[child];
            heap[child] = c;
            i = child;
        }
    }

    /** Batch of the current row. */
    SourceBatch batch() {
        return heap[0].batch;
    }

    /** The current row in {@link #batch()}. */
    int row() {
        return heap[0].row;
    }

    /** Mean heap bytes of the rows of {@link #batch()}. */
    long rowBytes() {
        return heap[0].rowBytes;
    }

    /** Order of the current row's key against the other's. */
    int compareKeys(KeyMerge other) {
        return heap[0].compareTo(other.heap[0]);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Cursor c : all) {
            try {
                c.source.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static final class Cursor implements Comparable<Cursor> {
        private final RowSource source;
        private SourceBatch batch;
        private int row;
        private long rowBytes;

        Cursor(RowSource source) {
            this.source = source;
        }

        boolean advance() throws IOException {
            row++;
            while (batch == null || row >= batch.rowCount()) {
                batch = source.next();
                row = 0;
                if (batch == null) {
                    return false;
                }
                rowBytes = batch.rowCount() == 0 ? 0 : batch.rows().sizeBytes() / batch.rowCount();
            }
            return true;
        }

        @Override
        public int compareTo(Cursor other) {
            return batch.keys().compare(row, other.batch.keys(), other.row);
        }
    }
}
