package io.streamhouse.log;

import java.io.Closeable;
import java.io.IOException;

/** The changes of one split, in order. One thread. */
public interface ChangeStream extends Closeable {
    /** The next changes, at least one row; null at the end. Never says {@code lastOfCommit}. */
    ChangeBatch next() throws IOException;

    /** Source rows consumed so far, those behind the last delivered row included. */
    long rowsConsumed();

    /** Pairs of equal rows that were left out so far. */
    long suppressed();

    @Override
    void close() throws IOException;
}
