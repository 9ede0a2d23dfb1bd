package io.streamhouse.read.rows;

/** What reading cost so far; grows. One thread. */
public final class ReadCounts {
    public long filesOpened;
    public long rowGroupsRead;
    public long rowsRead;
    public long rowsFetched;
    public long rowsDelivered;
    public long filesSkipped;
}
