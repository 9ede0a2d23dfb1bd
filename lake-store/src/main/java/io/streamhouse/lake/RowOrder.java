package io.streamhouse.lake;

import io.streamhouse.spec.key.KeyColumn;

/** Stable orders of row numbers by key and group, on primitive arrays. Pure functions. */
final class RowOrder {
    private static final int INSERTION_LIMIT = 24;

    private RowOrder() {}

    /** Row numbers ascending by (group, key, row number). */
    static int[] byGroupAndKey(int[] groups, int groupCount, KeyColumn keys) {
        int[] order = identity(groups.length);
        if (keys != null) {
            order = keys.words() > 0 ? radix(keys, order) : mergeSort(keys, order);
        }
        return groupCount <= 1 ? order : counting(groups, groupCount, order);
    }

    private static int[] identity(int n) {
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            out[i] = i;
        }
        return out;
    }

    /** Stable counting sort by group. */
    private static int[] counting(int[] groups, int groupCount, int[] order) {
        int[] starts = new int[groupCount + 1];
        for (int g : groups) {
            starts[g + 1]++;
        }
        for (int g = 0; g < groupCount; g++) {
            starts[g + 1] += starts[g];
        }
        int[] out = new int[order.length];
        for (int row : order) {
            out[starts[groups[row]]++] = row;
        }
        return out;
    }

    /** LSD radix sort with 8-bit digits over the words, least significant first; constant digits are skipped. */
    private static int[] radix(KeyColumn keys, int[] order) {
        int words = keys.words();
        long[] values = keys.longs();
        int n = order.length;
        int[] from = order;
        int[] to = new int[n];
        int[] counts = new int[257];
        for (int w = words - 1; w >= 0; w--) {
            long varying = 0;
            for (int i = 1; i < n; i++) {
                varying |= values[i * words + w] ^ values[w];
            }
            for (int shift = 0; shift < 64; shift += 8) {
                if (((varying >>> shift) & 0xFF) == 0) {
                    continue;
                }
                java.util.Arrays.fill(counts, 0);
                // the sign bit is flipped so that the unsigned digit order is the signed order
                int flip = shift == 56 ? 0x80 : 0;
                for (int i = 0; i < n; i++) {
                    counts[((int) (values[i * words + w] >>> shift) & 0xFF ^ flip) + 1]++;
                }
                for (int d = 0; d < 256; d++) {
                    counts[d + 1] += counts[d];
                }
                for (int i = 0; i < n; i++) {
                    int row = from[i];
                    to[counts[(int) (values[row * words + w] >>> shift) & 0xFF ^ flip]++] = row;
                }
                int[] swap = from;
                from = to;
                to = swap;
            }
        }
        return from;
    }

    private static int[] mergeSort(KeyColumn keys, int[] order) {
        int[] scratch = order.clone();
        mergeSort(keys, scratch, order, 0, order.length);
        return order;
    }

    /** Sorts {@code [from, to)} of {@code source} into {@code target}; both hold the same rows there at the start. */
    private static void mergeSort(KeyColumn keys, int[] source, int[] target, int from, int to) {
        if (to - from <= INSERTION_LIMIT) {
            insertion(keys, target, from, to);
            return;
        }
        int mid = (from + to) >>> 1;
        mergeSort(keys, target, source, from, mid);
        mergeSort(keys, target, source, mid, to);
        int i = from;
        int j = mid;
        for (int k = from; k < to; k++) {
            if (j >= to || (i < mid && keys.compare(source[i], keys, source[j]) <= 0)) {
                target[k] = source[i++];
            } else {
                target[k] = source[j++];
            }
        }
    }

    private static void insertion(KeyColumn keys, int[] rows, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int row = rows[i];
            int j = i - 1;
            while (j >= from && keys.compare(rows[j], keys, row) > 0) {
                rows[j + 1] = rows[j];
                j--;
            }
            rows[j + 1] = row;
        }
    }
}
