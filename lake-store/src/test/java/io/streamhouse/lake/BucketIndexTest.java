package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The index against a map from key to the one visible place, with entries that went stale on the way. */
class BucketIndexTest {
    /** Where a key stands. */
    private record Place(int file, int position) {}

    private final Random random = new Random(Seeds.of("bucket-index"));
    private final BucketIndex index = new BucketIndex();
    private final NavigableMap<Long, Place> model = new TreeMap<>();
    private final Set<Place> dead = new HashSet<>();
    private final boolean[] gone = new boolean[1000];
    private int files;

    private boolean visible(int file, int position) {
        return !gone[file] && !dead.contains(new Place(file, position));
    }

    private interface Encoding {
        KeyColumn column(long[] keys);
    }

    private static KeyColumn longs(long[] keys) {
        return KeyColumn.ofLongs(1, keys.length, keys);
    }

    /** The same order as decimal text of one width. */
    private static KeyColumn texts(long[] keys) {
        int[] offsets = new int[keys.length + 1];
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < keys.length; i++) {
            all.append("key-%06d".formatted(keys[i]));
            offsets[i + 1] = all.length();
        }
        return KeyColumn.ofBytes(keys.length, all.toString().getBytes(StandardCharsets.US_ASCII), offsets);
    }

    private long[] someKeys(int most, int space) {
        return random.longs(random.nextInt(most + 1), 0, space)
                .distinct()
                .sorted()
                .toArray();
    }

    /** A commit of one file: its keys replace what they stood at; some other keys are deleted, some file may go. */
    private void commit(Encoding encoding, int space) {
        int file = files++;
        long[] keys = someKeys(random.nextInt(10) == 0 ? 200 : 12, space);
        int[] ordinals = new int[keys.length];
        int[] positions = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ordinals[i] = file;
            positions[i] = 3 * i;
            Place old = model.put(keys[i], new Place(file, 3 * i));
            if (old != null) {
                dead.add(old);
            }
        }
        for (long key : someKeys(4, space)) {
            Place old = model.remove(key);
            if (old != null) {
                dead.add(old);
            }
        }
        if (random.nextInt(20) == 0) {
            int lost = random.nextInt(files);
            gone[lost] = true;
            model.values().removeIf(place -> place.file() == lost);
        }
        index.add(new KeyRun(encoding.column(keys), ordinals, positions), this::visible);
    }

    private void checkFind(Encoding encoding, int space) {
        long[] keys = someKeys(60, space);
        KeyColumn column = encoding.column(keys);
        int from = keys.length == 0 ? 0 : random.nextInt(keys.length);
        int at = random.nextInt(3);
        int[] ordinals = new int[at + keys.length];
        int[] positions = new int[at + keys.length];
        index.find(column, from, keys.length, this::visible, ordinals, positions, at);
        for (int i = from; i < keys.length; i++) {
            Place place = model.get(keys[i]);
            int out = at + i - from;
            assertEquals(place == null ? -1 : place.file(), ordinals[out], "file of key " + keys[i]);
            if (place != null) {
                assertEquals(place.position(), positions[out], "position of key " + keys[i]);
            }
        }
    }

    private void history(Encoding encoding, int space) {
        for (int commit = 0; commit < 300; commit++) {
            commit(encoding, space);
            checkFind(encoding, space);
            assertTrue(index.runCount() <= 12, () -> index.runCount() + " runs");
        }
    }

    @Test
    void everyKeyIsFoundWhereItIsVisibleAndNowhereElse() {
        history(BucketIndexTest::longs, 100);
    }

    @Test
    void sparseKeysAreFoundToo() {
        history(BucketIndexTest::longs, 5_000);
    }

    @Test
    void byteStringKeysAreFoundLikeLongs() {
        history(BucketIndexTest::texts, 300);
    }

    @Test
    void aStaleNewerEntryHidesNoVisibleOlderOne() {
        long[] key = {7};
        index.add(new KeyRun(longs(key), new int[] {0}, new int[] {5}), this::visible);
        dead.add(new Place(1, 9));
        index.add(new KeyRun(longs(key), new int[] {1}, new int[] {9}), this::visible);
        int[] file = new int[1];
        int[] position = new int[1];
        index.find(longs(key), 0, 1, this::visible, file, position, 0);
        assertEquals(Map.entry(0, 5), Map.entry(file[0], position[0]));
        assertEquals(1, index.runCount(), "the runs were merged");
    }
}
