package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import java.io.Closeable;
import java.io.IOException;

/** Reads projected columns of one file through locators, without its footer. One thread. */
public interface ColumnFileReader extends Closeable {
    /**
     * The next rows of {@code [fromRow, toRow)} as given at opening, in order, at most {@link ColumnFiles#BATCH_ROWS}
     * and 64 MiB, never across a row group; null at the end. Positions in the file are {@link #batchStart()} + index.
     */
    ColumnBatch next() throws IOException;

    /** File position of the first row of the batch that {@link #next()} returned last. */
    int batchStart();

    /** Skips to a row at or after the current one; the next batch begins there. Pages in between are not decoded. */
    void seek(int row) throws IOException;

    /** Dense batch of the rows at ascending positions; only pages that hold one are decoded. Independent of next(). */
    ColumnBatch rows(int[] positions) throws IOException;

    @Override
    void close() throws IOException;
}
