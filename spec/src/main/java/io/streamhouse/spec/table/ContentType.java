package io.streamhouse.spec.table;

/** What a data file holds; version 1 writes {@code DATA} only and refuses the rest. */
public enum ContentType {
    DATA,
    TOMBSTONE,
    OPERANDS,
    CORRECTION
}
