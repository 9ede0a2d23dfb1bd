package io.streamhouse.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads ranges of one object in few calls, for stores whose answers take longer than their bytes: what lies near each
 * other comes in one read. Without state.
 */
public final class CoalescedReads {
    /** Bytes between two ranges that are read along rather than asked for apart. */
    static final int MAX_GAP = 256 << 10;
    /** Ranges are joined up to this length; a single one may be longer. */
    static final int MAX_JOINED = 8 << 20;

    private CoalescedReads() {}

    /** As {@link ObjectStore#readChecked(String, List)}, by plain reads of the store. */
    public static List<byte[]> read(ObjectStore store, String path, List<CheckedRange> ranges) throws IOException {
        byte[][] out = new byte[ranges.size()][];
        int[] byOffset = IntStream.range(0, out.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> ranges.get(i).offset()))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Integer> joined = new ArrayList<>();
        long start = 0;
        long end = 0;
        for (int i : byOffset) {
            CheckedRange range = ranges.get(i);
            long together = Math.max(end, range.end());
            boolean fits = range.offset() - end <= MAX_GAP && together - start <= MAX_JOINED;
            if (!joined.isEmpty() && !fits) {
                fill(store, path, ranges, joined, out, start, end);
                joined.clear();
            }
            start = joined.isEmpty() ? range.offset() : start;
            end = joined.isEmpty() ? range.end() : together;
            joined.add(i);
        }
        if (!joined.isEmpty()) {
            fill(store, path, ranges, joined, out, start, end);
        }
        return Arrays.asList(out);
    }

    private static void fill(
            ObjectStore store,
            String path,
            List<CheckedRange> ranges,
            List<Integer> joined,
            byte[][] out,
            long start,
            long end)
            throws IOException {
        byte[] bytes = store.read(path, start, Math.toIntExact(end - start));
        for (int i : joined) {
            CheckedRange range = ranges.get(i);
            int from = (int) (range.offset() - start);
            byte[] own =
                    range.length() == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, from + range.length());
            out[i] = range.checked(path, own);
        }
    }
}
