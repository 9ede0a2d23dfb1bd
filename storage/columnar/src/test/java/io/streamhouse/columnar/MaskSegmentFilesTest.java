package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MaskSegmentFilesTest {
    private final ObjectStore store = ObjectStores.memory();

    /** Files by hexadecimal text, which orders UUIDs as unsigned numbers. */
    private static Map<String, TreeSet<Integer>> randomMasks(Random random, int files, int positions) {
        Map<String, TreeSet<Integer>> masks = new TreeMap<>();
        for (int f = 0; f < files; f++) {
            long high = (long) random.nextInt(8) << 61;
            TreeSet<Integer> set = masks.computeIfAbsent(new UUID(high, f).toString(), k -> new TreeSet<>());
            for (int i = 1 + random.nextInt(positions); i > 0; i--) {
                set.add(random.nextInt(1 << (1 + random.nextInt(30))));
            }
        }
        return masks;
    }

    private static MaskSegment segment(long from, long to, Map<String, TreeSet<Integer>> masks) {
        List<FileMask> list = new ArrayList<>();
        masks.forEach((file, set) -> list.add(new FileMask(
                UUID.fromString(file), set.stream().mapToInt(Integer::intValue).toArray())));
        return new MaskSegment(from, to, list);
    }

    private static void assertSame(MaskSegment expected, MaskSegment actual) {
        assertEquals(expected.fromSnapshot(), actual.fromSnapshot());
        assertEquals(expected.toSnapshot(), actual.toSnapshot());
        assertEquals(expected.masks().size(), actual.masks().size());
        for (int i = 0; i < expected.masks().size(); i++) {
            assertEquals(expected.masks().get(i).file(), actual.masks().get(i).file());
            assertArrayEquals(
                    expected.masks().get(i).positions(), actual.masks().get(i).positions());
        }
    }

    private static SegmentRef ref(MaskSegment s, BlockRef block) {
        return new SegmentRef(s.fromSnapshot(), s.toSnapshot(), s.masks().size(), s.positionCount(), block);
    }

    @Test
    void sixteenSegmentsMergeIntoTheUnionOfTheirMasks() {
        long seed = Seeds.of("mask-merge");
        for (int round = 0; round < 50; round++) {
            Random random = new Random(seed + round);
            Map<String, TreeSet<Integer>> union = new TreeMap<>();
            List<MaskSegment> segments = new ArrayList<>();
            long from = 5;
            for (int i = 0; i < 16; i++) {
                Map<String, TreeSet<Integer>> masks = randomMasks(random, random.nextInt(6), 40);
                masks.forEach((f, set) ->
                        union.computeIfAbsent(f, k -> new TreeSet<>()).addAll(set));
                long to = from + random.nextInt(3);
                segments.add(segment(from, to, masks));
                from = to + 1;
            }
            assertSame(segment(5, from - 1, union), MaskSegmentFiles.merge(segments));
        }
    }

    @Test
    void aSmallSegmentStandsInlineAndALargeOneInAnObject() throws Exception {
        Random random = new Random(Seeds.of("mask-files"));
        MaskSegment small = segment(1, 1, randomMasks(random, 3, 20));
        BlockRef inline = MaskSegmentFiles.write(store, small, new UUID(1, 1));
        assertInstanceOf(BlockRef.Inline.class, inline);
        assertSame(small, MaskSegmentFiles.read(store, ref(small, inline)));
        assertTrue(store.list("mask").isEmpty());

        MaskSegment large = segment(2, 9, randomMasks(random, 50, 2000));
        BlockRef.Stored stored = (BlockRef.Stored) MaskSegmentFiles.write(store, large, new UUID(1, 2));
        assertTrue(stored.length() > MaskSegmentFiles.INLINE_BYTES);
        assertEquals("mask/" + new UUID(1, 2), stored.path());
        assertSame(large, MaskSegmentFiles.read(store, ref(large, stored)));
    }

    @Test
    void everyDamageOfASegmentIsRefused() throws Exception {
        Random random = new Random(Seeds.of("mask-damage"));
        MaskSegment large = segment(2, 9, randomMasks(random, 50, 2000));
        BlockRef.Stored stored = (BlockRef.Stored) MaskSegmentFiles.write(store, large, new UUID(1, 2));
        byte[] bytes = store.read(stored.path());
        for (int i = 0; i < 300; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            store.put(stored.path(), damaged);
            FormatContract.assertCode(ErrorCode.CORRUPT_FILE, () -> MaskSegmentFiles.read(store, ref(large, stored)));
            FormatContract.assertCode(
                    ErrorCode.CORRUPT_FILE,
                    () -> MaskSegmentFiles.read(store, ref(large, new BlockRef.Inline(damaged))));
        }
        store.put(stored.path(), java.util.Arrays.copyOf(bytes, bytes.length - 1));
        FormatContract.assertCode(ErrorCode.CORRUPT_FILE, () -> MaskSegmentFiles.read(store, ref(large, stored)));
        store.delete(stored.path());
        FormatContract.assertCode(ErrorCode.MISSING_FILE, () -> MaskSegmentFiles.read(store, ref(large, stored)));
    }

    @Test
    void aSegmentThatIsNotTheOneNamedIsRefused() throws Exception {
        MaskSegment one = segment(1, 1, randomMasks(new Random(1), 3, 20));
        BlockRef block = MaskSegmentFiles.write(store, one, new UUID(1, 1));
        SegmentRef other = new SegmentRef(1, 2, one.masks().size(), one.positionCount(), block);
        FormatContract.assertCode(ErrorCode.CORRUPT_FILE, () -> MaskSegmentFiles.read(store, other));
    }
}
