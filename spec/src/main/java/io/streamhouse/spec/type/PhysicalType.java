package io.streamhouse.spec.type;

/** How the values of a column stand in memory; several SQL types share one. */
public enum PhysicalType {
    /** {@code byte[]}, 0 or 1. */
    BOOLEAN,
    /** {@code int[]}. */
    INT,
    /** {@code long[]}. */
    LONG,
    /** {@code float[]}. */
    FLOAT,
    /** {@code double[]}. */
    DOUBLE,
    /** One {@code byte[]} and {@code int[]} offsets. */
    BYTES
}
