package io.streamhouse.compact;

/**
 * What compaction would have to read to be done.
 *
 * @param sizeBytes bytes of input
 * @param files files of input
 */
public record CompactionDebt(long sizeBytes, int files) {
    public static final CompactionDebt NONE = new CompactionDebt(0, 0);
}
