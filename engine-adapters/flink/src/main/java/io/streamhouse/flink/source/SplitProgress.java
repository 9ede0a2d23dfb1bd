package io.streamhouse.flink.source;

/** How far a reader has emitted a split. One thread. */
final class SplitProgress {
    private final TableSplit split;
    private long rowsConsumed;

    SplitProgress(TableSplit split) {
        this.split = split;
        this.rowsConsumed = split.rowsConsumed();
    }

    void advance(long consumed) {
        rowsConsumed = consumed;
    }

    TableSplit toSplit() {
        return split.at(rowsConsumed);
    }
}
