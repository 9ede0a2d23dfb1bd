package io.streamhouse.flink.source;

import java.io.IOException;
import java.util.Optional;

/** Opens splits for one reader. One thread. */
interface SplitOpener extends AutoCloseable {
    /** The rows of a split from its position on. */
    Rows open(TableSplit split) throws IOException;

    @Override
    void close() throws IOException;

    /** Rows of one split, in order. */
    interface Rows extends AutoCloseable {
        /** The next rows; empty at the end. */
        Optional<RowBatch> next() throws IOException;

        @Override
        void close() throws IOException;
    }
}
