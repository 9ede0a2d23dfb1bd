package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Ranges of one object come whole and in the order asked for, in as few reads as they lie near each other. */
class CoalescedReadsTest {
    private final SplittableRandom random = new SplittableRandom(11);
    private final byte[] content = new byte[20 << 20];
    private final List<String> reads = new ArrayList<>();
    private final ObjectStore memory = ObjectStores.memory();
    /** Tells what is read of the store behind it. */
    private final ObjectStore store = (ObjectStore) Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("read")) {
                    reads.add(arguments[1] + "+" + arguments[2]);
                }
                return method.invoke(memory, arguments);
            });

    CoalescedReadsTest() throws IOException {
        random.nextBytes(content);
        memory.put("a", content);
    }

    private CheckedRange range(long offset, int length) {
        return new CheckedRange(offset, length, Checksums.crc32c(content, (int) offset, length));
    }

    private void read(List<CheckedRange> ranges) throws IOException {
        List<byte[]> found = CoalescedReads.read(store, "a", ranges);
        assertEquals(ranges.size(), found.size());
        for (int i = 0; i < ranges.size(); i++) {
            CheckedRange r = ranges.get(i);
            assertArrayEquals(Arrays.copyOfRange(content, (int) r.offset(), (int) r.end()), found.get(i));
        }
    }

    @Test
    void neighboursComeInOneReadWhateverTheirOrder() throws IOException {
        read(List.of(range(3_000, 500), range(1_000, 2_000), range(100_000, 1)));
        assertEquals(List.of("1000+99001"), reads);
    }

    @Test
    void aWideGapIsNotRead() throws IOException {
        int far = 1_000 + CoalescedReads.MAX_GAP;
        read(List.of(range(0, 1_000), range(far, 10), range(far + 10 + CoalescedReads.MAX_GAP + 1, 5)));
        assertEquals(List.of("0+" + (far + 10), (far + 10 + CoalescedReads.MAX_GAP + 1) + "+5"), reads);
    }

    @Test
    void readsHaveABoundButForSingleRanges() throws IOException {
        int large = CoalescedReads.MAX_JOINED + 1;
        read(List.of(range(0, large), range(large, 1_000), range(large + 1_000, CoalescedReads.MAX_JOINED - 1_000)));
        assertEquals(List.of("0+" + large, large + "+" + CoalescedReads.MAX_JOINED), reads);
    }

    @Test
    void anyRangesComeAsTheyAre() throws IOException {
        for (int round = 0; round < 200; round++) {
            List<CheckedRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                int length = random.nextInt(random.nextInt(4) == 0 ? 3 << 20 : 2_000);
                ranges.add(range(random.nextInt(content.length - length), length));
            }
            read(ranges);
        }
    }

    @Test
    void oneDamagedRangeIsRefusedAndNamed() throws IOException {
        List<CheckedRange> ranges = List.of(range(0, 1_000), range(1_000, 1_000));
        content[1_500] ^= 1;
        memory.put("a", content);
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> CoalescedReads.read(store, "a", ranges));
        assertEquals(ErrorCode.CORRUPT_FILE, e.code());
        assertTrue(e.getMessage().contains("a") && e.getMessage().contains("[1000, +1000)"), e.getMessage());
    }
}
