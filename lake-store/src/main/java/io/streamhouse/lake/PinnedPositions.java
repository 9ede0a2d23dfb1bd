package io.streamhouse.lake;

import io.streamhouse.spec.table.FileMask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Positions that were visible at one snapshot, followed through the commits after it: where each stands now, or what
 * became of it. One thread.
 *
 * @see "spec/commit.md, section Kinds, ROW_DELTA"
 */
public final class PinnedPositions {
    /** What a commit that masks a position means for whoever has read it. */
    public enum Fate {
        /** The change happened first: whoever has read the row does not touch it. */
        SKIPPED,
        /** Two statements changed the row: the later one fails. */
        LOST
    }

    private static final byte STANDS = 0;

    /** Positions of one file, ascending; entry i is {@code position << 32 | number}. */
    private final Map<UUID, long[]> byFile = new HashMap<>();

    private final UUID[] files;
    private final int[] positions;
    private final byte[] fates;
    private int skipped;
    private int lost;

    /**
     * @param files per number the file; the array is kept
     * @param positions per number the position; the array is kept
     * @throws IllegalArgumentException if two numbers name one position
     */
    PinnedPositions(UUID[] files, int[] positions) {
        this.files = files;
        this.positions = positions;
        this.fates = new byte[files.length];
        Map<UUID, Integer> counts = new HashMap<>();
        for (UUID file : files) {
            counts.merge(file, 1, Integer::sum);
        }
        counts.forEach((file, count) -> byFile.put(file, new long[count]));
        for (int i = 0; i < files.length; i++) {
            int at = counts.merge(files[i], -1, Integer::sum);
            byFile.get(files[i])[at] = entry(positions[i], i);
        }
        byFile.forEach((file, entries) -> {
            Arrays.sort(entries);
            for (int i = 1; i < entries.length; i++) {
                if (position(entries[i]) == position(entries[i - 1])) {
                    throw new IllegalArgumentException(
                            "position %d of %s is replaced twice".formatted(position(entries[i]), file));
                }
            }
        });
    }

    private static long entry(int position, int number) {
        return (long) position << 32 | number;
    }

    private static int position(long entry) {
        return (int) (entry >>> 32);
    }

    private static int number(long entry) {
        return (int) entry;
    }

    /** Positions in all. */
    public int size() {
        return files.length;
    }

    public int skippedCount() {
        return skipped;
    }

    public int lostCount() {
        return lost;
    }

    boolean stands(int number) {
        return fates[number] == STANDS;
    }

    UUID file(int number) {
        return files[number];
    }

    int position(int number) {
        return positions[number];
    }

    /** A commit masks these positions. */
    public void mask(List<FileMask> masks, Fate fate) {
        for (FileMask mask : masks) {
            long[] entries = byFile.get(mask.file());
            if (entries != null) {
                mask(entries, mask.positions(), fate);
            }
        }
    }

    private void mask(long[] entries, int[] masked, Fate fate) {
        int at = 0;
        for (long entry : entries) {
            at = Arrays.binarySearch(masked, at, masked.length, position(entry));
            if (at >= 0) {
                end(number(entry), fate);
            } else {
                at = -at - 1;
            }
        }
    }

    /** A commit removes files with whatever is visible in them; returns how many positions that ended. */
    public int remove(Predicate<UUID> removed, Fate fate) {
        int ended = skipped + lost;
        for (Iterator<Map.Entry<UUID, long[]>> it = byFile.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<UUID, long[]> e = it.next();
            if (removed.test(e.getKey())) {
                for (long entry : e.getValue()) {
                    end(number(entry), fate);
                }
                it.remove();
            }
        }
        return skipped + lost - ended;
    }

    /** A compaction moves rows to other files; returns how many of those that stand. */
    public int move(MovedPositions moved) {
        Map<UUID, Integer> counts = new HashMap<>();
        List<UUID> inputs = byFile.keySet().stream().filter(moved::moved).toList();
        Map<UUID, long[]> sources = new HashMap<>();
        for (UUID input : inputs) {
            sources.put(input, byFile.remove(input));
        }
        sources.forEach((input, entries) -> {
            for (long entry : entries) {
                int number = number(entry);
                if (stands(number)) {
                    int row = moved.outputRow(input, position(entry));
                    if (row < 0) {
                        throw new IllegalStateException("position %d of %s stood, but was compacted as masked"
                                .formatted(position(entry), input));
                    }
                    files[number] = moved.file(row);
                    positions[number] = moved.position(row);
                    counts.merge(files[number], 1, Integer::sum);
                }
            }
        });
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        counts.forEach((file, count) -> byFile.put(file, new long[count]));
        sources.values().forEach(entries -> {
            for (long entry : entries) {
                int number = number(entry);
                if (stands(number)) {
                    int at = counts.merge(files[number], -1, Integer::sum);
                    byFile.get(files[number])[at] = entry(positions[number], number);
                }
            }
        });
        counts.keySet().forEach(file -> Arrays.sort(byFile.get(file)));
        return total;
    }

    private void end(int number, Fate fate) {
        if (!stands(number)) {
            return;
        }
        switch (fate) {
            case SKIPPED -> skipped++;
            case LOST -> lost++;
        }
        fates[number] = (byte) (fate.ordinal() + 1);
    }
}
