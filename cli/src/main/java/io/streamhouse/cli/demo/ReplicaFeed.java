package io.streamhouse.cli.demo;

import io.streamhouse.spec.RowKind;
import java.io.IOException;
import java.time.Duration;

/** Committed changes of one table in commit order. Not thread-safe; the reader of it closes it. */
interface ReplicaFeed extends AutoCloseable {
    /**
     * Hands on changes that are there, or waits for some.
     *
     * @param wait how long to wait when there are none
     * @return false if nothing came
     */
    boolean poll(Duration wait, ChangeConsumer consumer) throws IOException;

    /** Updates left out so far because they changed no column. */
    long equalUpdates();

    @Override
    void close();

    /** Takes one change. */
    interface ChangeConsumer {
        /**
         * @param commitId snapshot that made the change visible; never smaller than the one before
         * @param row the columns in order; the consumer must not keep the array
         */
        void accept(long commitId, RowKind kind, Object[] row);
    }
}
