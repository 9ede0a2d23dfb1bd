package io.streamhouse.read;

import io.streamhouse.spec.key.KeyColumn;
import java.util.Arrays;

/** Union of two ascending columns of distinct keys. */
final class SortedKeys {
    private SortedKeys() {}

    static KeyColumn union(KeyColumn a, KeyColumn b) {
        int words = a.words();
        int most = a.size() + b.size();
        long[] longs = new long[most * words];
        byte[] bytes = words > 0 ? null : new byte[byteLength(a) + byteLength(b)];
        int[] offsets = words > 0 ? null : new int[most + 1];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            int order = i == a.size() ? 1 : j == b.size() ? -1 : a.compare(i, b, j);
            KeyColumn from = order <= 0 ? a : b;
            int row = order <= 0 ? i : j;
            if (words > 0) {
                System.arraycopy(from.longs(), row * words, longs, size * words, words);
            } else {
                int length = from.offsets()[row + 1] - from.offsets()[row];
                System.arraycopy(from.bytes(), from.offsets()[row], bytes, offsets[size], length);
                offsets[size + 1] = offsets[size] + length;
            }
            size++;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return words > 0
                ? KeyColumn.ofLongs(words, size, longs)
                : KeyColumn.ofBytes(size, bytes, Arrays.copyOf(offsets, size + 1));
    }

    private static int byteLength(KeyColumn keys) {
        return keys.offsets()[keys.size()] - keys.offsets()[0];
    }
}
