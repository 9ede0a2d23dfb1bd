package io.streamhouse.read.verify;

/**
 * What of a table is verified.
 *
 * @param first first snapshot; ids that have expired are left out
 * @param last last snapshot; ids beyond the newest are left out
 * @param newest at most this many of the newest of them
 * @param deep whether all columns are read, and statistics and every checksum of every data file compared
 */
public record VerifyScope(long first, long last, int newest, boolean deep) {
    /** All snapshots that can be read. */
    public static final VerifyScope ALL = new VerifyScope(1, Long.MAX_VALUE, Integer.MAX_VALUE, false);

    public VerifyScope {
        if (first < 1 || last < first || newest < 1) {
            throw new IllegalArgumentException("snapshots %d to %d, the newest %d".formatted(first, last, newest));
        }
    }

    /** One snapshot. */
    public static VerifyScope of(long snapshot) {
        return new VerifyScope(snapshot, snapshot, 1, false);
    }

    /** The newest snapshots. */
    public static VerifyScope newest(int count) {
        return new VerifyScope(1, Long.MAX_VALUE, count, false);
    }

    /** The same, all columns included. */
    public VerifyScope deeply() {
        return new VerifyScope(first, last, newest, true);
    }
}
