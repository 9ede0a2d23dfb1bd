package io.streamhouse.spec.table;

import java.util.List;
import java.util.UUID;

/**
 * For each of n keys the position that it replaces, if any. Arrays are shared, not to be written.
 *
 * @param files files that positions point into
 * @param ordinals n entries: index into {@code files}, -1 = nothing found
 * @param positions n entries: row position in that file, 0 where nothing was found
 */
public record FoundPositions(List<UUID> files, int[] ordinals, int[] positions) {
    public FoundPositions {
        files = List.copyOf(files);
        if (ordinals.length != positions.length) {
            throw new IllegalArgumentException(
                    "%d ordinals, %d positions".formatted(ordinals.length, positions.length));
        }
    }

    /** Nothing found for n keys. */
    public static FoundPositions none(int n) {
        int[] ordinals = new int[n];
        java.util.Arrays.fill(ordinals, -1);
        return new FoundPositions(List.of(), ordinals, new int[n]);
    }

    public int size() {
        return ordinals.length;
    }
}
