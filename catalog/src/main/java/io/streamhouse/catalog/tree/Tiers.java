package io.streamhouse.catalog.tree;

/** Which of a row of immutable objects, oldest first, are worth merging: a pure function of their sizes. */
final class Tiers {
    /** An older neighbour up to this many times the merged size is merged too, so sizes fall geometrically. */
    private static final int RATIO = 2;

    private Tiers() {}

    /**
     * Index of the first object to merge; it and all behind it become one.
     *
     * @param sizes sizes, oldest first
     * @param least objects to merge at least, at most {@code sizes.length}
     */
    static int firstToMerge(long[] sizes, int least) {
        int first = sizes.length - least;
        long sum = 0;
        for (int i = first; i < sizes.length; i++) {
            sum += sizes[i];
        }
        while (first > 0 && sizes[first - 1] <= RATIO * sum) {
            first--;
            sum += sizes[first];
        }
        return first;
    }
}
