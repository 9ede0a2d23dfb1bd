package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.table.BlockRef;
import java.io.Closeable;
import java.io.IOException;

/** Writes one column file. One thread. Closing without {@link #finish()} leaves no object. */
public interface ColumnFileWriter extends Closeable {
    /** Appends the selected rows of a batch, whose columns are the file's columns in order. */
    void write(ColumnBatch batch) throws IOException;

    /** Ends the current page of every column, so that a slice boundary is a page boundary. */
    void cutPages() throws IOException;

    /** Ends the current row group, so that a reader of few rows holds little. */
    void endRowGroup() throws IOException;

    /** Rows so far. */
    int rowCount();

    /** Puts foreign bytes behind the rows and before the footer; other readers skip them. After the last row only. */
    BlockRef.Stored writeBlock(byte[] bytes) throws IOException;

    /** Writes the footer and publishes the object. */
    WrittenFile finish() throws IOException;

    @Override
    void close() throws IOException;
}
