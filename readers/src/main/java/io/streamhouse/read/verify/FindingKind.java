package io.streamhouse.read.verify;

/** What is wrong. */
public enum FindingKind {
    /** An object that a snapshot names, or a snapshot of the chain, is not there. */
    MISSING,
    /** An object is not what its checksum, its length or its format says. */
    DAMAGED,
    /** An object that is whole, and of a newer version than this program knows: nothing is wrong with the table. */
    NEWER,
    /** Metadata contradicts itself, or says otherwise than the data. */
    WRONG_RECORD,
    /** A key is visible more than once. */
    KEY_TWICE,
    /** Rows stand where their partition, bucket or order does not belong. */
    MISPLACED,
    /** A mask names rows that its file does not have. */
    BAD_MASK,
    /** The changes of a commit are not the difference of its two snapshots. */
    CHANGELOG
}
