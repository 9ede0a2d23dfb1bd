package io.streamhouse.flink.source;

import java.io.IOException;
import java.util.List;

/** Cuts snapshots into splits; called by one thread at a time. */
interface SplitPlanner extends AutoCloseable {
    /**
     * What follows a cursor.
     *
     * @param maxSplits stop after the commit with which this number is reached
     */
    Plan next(EnumeratorState.Cursor cursor, int maxSplits) throws IOException;

    /** Newest snapshot seen by the last call, 0 for none. */
    long latestSnapshot();

    @Override
    void close() throws IOException;

    /**
     * Splits and what comes after them.
     *
     * @param from the cursor that was asked about
     * @param splits in commit order
     * @param next cursor behind them
     */
    record Plan(EnumeratorState.Cursor from, List<Piece> splits, EnumeratorState.Cursor next) {
        public Plan {
            splits = List.copyOf(splits);
        }
    }

    /**
     * A split without its number.
     *
     * @param kind what {@code payload} is
     * @param rootBucket root bucket
     * @param payload the readers' bytes
     */
    record Piece(TableSplit.Kind kind, int rootBucket, byte[] payload) {
        TableSplit numbered(long sequence) {
            return new TableSplit(sequence, kind, rootBucket, payload, 0);
        }
    }
}
