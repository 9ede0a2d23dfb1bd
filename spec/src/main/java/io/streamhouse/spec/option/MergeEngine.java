package io.streamhouse.spec.option;

/** How rows of one key become one row. */
public enum MergeEngine {
    /** The last one wins. */
    DEDUPLICATE
}
