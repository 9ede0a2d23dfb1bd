package io.streamhouse.testkit.simulation.damage;

/**
 * What is harmed: a file, or a block inside one.
 *
 * @param kind what it holds
 * @param path its object in the warehouse
 * @param from first byte
 * @param to behind the last byte
 * @param whole whether it is the whole object
 */
record Subject(Kind kind, String path, int from, int to, boolean whole) {
    /** Kinds of files and blocks. */
    enum Kind {
        SNAPSHOT,
        HINT,
        SCHEMA,
        MANIFEST,
        DATA_PARQUET,
        DATA_ORC,
        MASK_SEGMENT,
        DELETE_BLOCK,
        FOUND_POSITIONS,
        POSITION_MAP,
        VECTOR,
        BOUNDARY,
        LEASE
    }

    int length() {
        return to - from;
    }

    /** The last component of the path: what an error has to name. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
