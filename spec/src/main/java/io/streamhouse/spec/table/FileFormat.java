package io.streamhouse.spec.table;

/** Formats of data files. */
public enum FileFormat {
    PARQUET,
    ORC
}
