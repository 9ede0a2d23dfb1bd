package io.streamhouse.cli.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Draws the commits at which a table is read again. */
final class TimeTravel {
    /** Equal parts of the history, one commit drawn from each. */
    private static final int STRATA = 10;

    /** Commits that are read again at least, of a history that has as many: one of each part, the first and the last. */
    static final int LEAST = STRATA + 2;

    private TimeTravel() {}

    /** The same, and some snapshots that must be among them if they exist. Ascending, without repetition. */
    static List<Long> draw(List<Long> snapshotIds, Collection<Long> wanted, long seed) {
        SortedSet<Long> drawn = new TreeSet<>(wanted);
        drawn.retainAll(snapshotIds);
        drawn.addAll(draw(snapshotIds, seed));
        return List.copyOf(drawn);
    }

    /**
     * The first and the last snapshot and one drawn from each of ten equal parts of those between; fewer if there are
     * fewer. Ascending, without repetition.
     */
    static List<Long> draw(List<Long> snapshotIds, long seed) {
        if (snapshotIds.size() <= LEAST) {
            return List.copyOf(snapshotIds);
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> drawn = new ArrayList<>();
        drawn.add(snapshotIds.get(0));
        int inner = snapshotIds.size() - 2;
        for (int i = 0; i < STRATA; i++) {
            int from = inner * i / STRATA;
            int to = inner * (i + 1) / STRATA;
            drawn.add(snapshotIds.get(1 + from + random.nextInt(to - from)));
        }
        drawn.add(snapshotIds.get(snapshotIds.size() - 1));
        return drawn;
    }
}
