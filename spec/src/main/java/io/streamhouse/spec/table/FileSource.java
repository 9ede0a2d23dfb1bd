package io.streamhouse.spec.table;

/** Who made a data file. */
public enum FileSource {
    APPEND,
    COMPACT
}
