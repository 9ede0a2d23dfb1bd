package io.streamhouse.compact;

import java.util.List;

/**
 * Files to merge.
 *
 * @param reason why these
 * @param files at least one, ascending by the order in which they are worth taking
 */
record CompactionPick(Reason reason, List<FileFacts> files) {
    /** Why files are merged. */
    enum Reason {
        /** Many files of one size. */
        FILES,
        /** Many dead rows. */
        GARBAGE
    }

    CompactionPick {
        files = List.copyOf(files);
    }

    long sizeBytes() {
        return files.stream().mapToLong(FileFacts::sizeBytes).sum();
    }

    /** Bytes that a rewrite gives back, by the share of dead rows. */
    double deadBytes() {
        return files.stream().mapToDouble(f -> f.deadShare() * f.sizeBytes()).sum();
    }
}
