package io.streamhouse.spec.table;

/** What published a snapshot. */
public enum SnapshotKind {
    APPEND,
    ROW_DELTA,
    COMPACT,
    OVERWRITE,
    ROLLBACK,
    SCHEMA,
    FENCE
}
