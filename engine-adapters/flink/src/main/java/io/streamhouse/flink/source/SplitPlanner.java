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

    /** The oldest snapshot whose objects a split needs that was restored. */
    long neededBy(TableSplit split);

    /**
     * Keeps snapshots from expiring until {@link #close}. Cheap if nothing is due; called again and again.
     *
     * @param oldest the oldest that is needed, {@link NeededSnapshots#NONE} for none any more, 0 while nobody knows
     */
    void keep(long oldest) throws IOException;

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
     * @param needed the oldest snapshot whose objects it needs; no less than that of the piece before
     */
    record Piece(TableSplit.Kind kind, int rootBucket, byte[] payload, long needed) {
        TableSplit numbered(long sequence) {
            return new TableSplit(sequence, kind, rootBucket, payload, 0);
        }
    }
}
