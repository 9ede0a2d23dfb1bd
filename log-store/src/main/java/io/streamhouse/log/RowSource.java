package io.streamhouse.log;

import java.io.Closeable;
import java.io.IOException;

/** Rows of one file or block in a fixed order; keys ascend over all its batches. One thread. */
public interface RowSource extends Closeable {
    /** The next rows, or null at the end; batches may be empty. */
    SourceBatch next() throws IOException;

    @Override
    void close() throws IOException;
}
