package io.streamhouse.compact;

/**
 * Sizes that the policy aims at, in bytes.
 *
 * @param smallFile files below this count as equal
 * @param ownFile a file of one bucket of at least this size belongs to its bucket; smaller ones are shared goods
 * @param targetFile a file of half this size is left alone but for its garbage
 * @param maxTask input of one task, so that no bucket is one task however large it grows
 */
record CompactionTargets(long smallFile, long ownFile, long targetFile, long maxTask) {
    CompactionTargets {
        if (smallFile < 1 || ownFile < 1 || targetFile < 1 || maxTask < 1) {
            throw new IllegalArgumentException(
                    "sizes %d, %d, %d, %d are not all positive".formatted(smallFile, ownFile, targetFile, maxTask));
        }
    }

    /** A file that merging with its like does not improve. */
    boolean isFull(FileFacts file) {
        return file.sizeBytes() >= targetFile / 2;
    }
}
