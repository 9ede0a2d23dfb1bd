package io.streamhouse.lake;

import io.streamhouse.spec.key.KeyColumn;

/**
 * Ascending distinct keys with the position of each: parallel primitive arrays, no object per key.
 *
 * @param keys n ascending, distinct keys
 * @param files n ordinals into the index's file table
 * @param positions n row positions
 */
record KeyRun(KeyColumn keys, int[] files, int[] positions) {
    int size() {
        return keys.size();
    }
}
