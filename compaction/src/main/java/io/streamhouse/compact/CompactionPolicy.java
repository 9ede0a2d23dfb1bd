package io.streamhouse.compact;

import io.streamhouse.compact.CompactionPick.Reason;
import io.streamhouse.lake.BucketId;
import io.streamhouse.spec.table.PositionMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which files to merge next: a pure function of their sizes and dead rows.
 *
 * <p>Since commits mask exact positions, no order among files means anything, so any whole files may be merged. Files of
 * several buckets and small ones form one group; larger files of one bucket form a group of their bucket. In each group:
 * <ul>
 *   <li>{@value #FAN_IN} files of about one size are merged together with everything smaller, the largest such size
 *       first, so that a cascade is one merge;
 *   <li>when more than a quarter of the stored rows are dead, the files with the highest share of dead rows are
 *       rewritten.
 * </ul>
 * Constants: simulated with uniform updates in {@code CompactionPolicyTest}.
 */
final class CompactionPolicy {
    /** Files of about one size that are merged. */
    static final int FAN_IN = 8;

    /** Files within this factor are of about one size. */
    static final int SIZE_FACTOR = 4;

    /** Share of dead rows of a group above which garbage is collected. */
    static final double GROUP_GARBAGE = 0.25;

    /** Share of dead rows of a file above which it is worth rewriting then. */
    static final double FILE_GARBAGE = 0.30;

    /** Rows of one task: its position map takes a byte a row in memory. */
    static final long MAX_TASK_ROWS = 1L << 27;

    private static final Comparator<FileFacts> BY_SIZE =
            Comparator.comparingLong(FileFacts::sizeBytes).thenComparing(FileFacts::id);
    private static final Comparator<FileFacts> BY_GARBAGE =
            Comparator.comparingDouble(FileFacts::deadShare).reversed().thenComparing(BY_SIZE);

    private CompactionPolicy() {}

    /** The tasks worth doing now, the most urgent first; their files are disjoint. */
    static List<CompactionPick> picks(Collection<FileFacts> files, CompactionTargets targets) {
        return wanted(files, targets).stream()
                .map(p -> bounded(p, targets))
                .filter(p -> p.reason() == Reason.GARBAGE || p.files().size() > 1)
                .toList();
    }

    /** What all tasks that are worth doing now would read. */
    static CompactionDebt debt(Collection<FileFacts> files, CompactionTargets targets) {
        long bytes = 0;
        int count = 0;
        for (CompactionPick pick : wanted(files, targets)) {
            bytes += pick.sizeBytes();
            count += pick.files().size();
        }
        return new CompactionDebt(bytes, count);
    }

    private static List<CompactionPick> wanted(Collection<FileFacts> files, CompactionTargets targets) {
        List<FileFacts> shared = new ArrayList<>();
        TreeMap<BucketId, List<FileFacts>> own = new TreeMap<>();
        for (FileFacts f : files) {
            if (f.bucket().isPresent() && f.sizeBytes() >= targets.ownFile()) {
                own.computeIfAbsent(f.bucket().get(), b -> new ArrayList<>()).add(f);
            } else {
                shared.add(f);
            }
        }
        List<CompactionPick> picks = new ArrayList<>();
        ofGroup(shared, targets).ifPresent(picks::add);
        own.values().forEach(group -> ofGroup(group, targets).ifPresent(picks::add));
        // many small files cost every scan and little work; then where most is to be gained
        picks.sort(Comparator.comparing(CompactionPick::reason)
                .thenComparing(
                        Comparator.comparingDouble(CompactionPick::deadBytes).reversed()));
        return picks;
    }

    private static Optional<CompactionPick> ofGroup(List<FileFacts> group, CompactionTargets targets) {
        return tier(group, targets).or(() -> garbage(group, targets));
    }

    private static Optional<CompactionPick> tier(List<FileFacts> group, CompactionTargets targets) {
        List<FileFacts> bySize =
                group.stream().filter(f -> !targets.isFull(f)).sorted(BY_SIZE).toList();
        for (int first = bySize.size() - FAN_IN; first >= 0; first--) {
            long most = SIZE_FACTOR * counted(bySize.get(first), targets);
            if (counted(bySize.get(first + FAN_IN - 1), targets) <= most) {
                int end = first + FAN_IN;
                while (end < bySize.size() && counted(bySize.get(end), targets) <= most) {
                    end++;
                }
                return Optional.of(new CompactionPick(Reason.FILES, bySize.subList(0, end)));
            }
        }
        return Optional.empty();
    }

    private static long counted(FileFacts file, CompactionTargets targets) {
        return Math.max(file.sizeBytes(), targets.smallFile());
    }

    private static Optional<CompactionPick> garbage(List<FileFacts> group, CompactionTargets targets) {
        long rows = 0;
        long dead = 0;
        for (FileFacts f : group) {
            rows += f.rowCount();
            dead += f.deadRows();
        }
        if (dead <= GROUP_GARBAGE * rows) {
            return Optional.empty();
        }
        // small files are merged away soon enough, unless nothing is left of them
        List<FileFacts> worst = group.stream()
                .filter(f -> f.deadShare() >= FILE_GARBAGE)
                .filter(f -> f.sizeBytes() >= targets.smallFile() || f.deadRows() == f.rowCount())
                .sorted(BY_GARBAGE)
                .toList();
        return worst.isEmpty() ? Optional.empty() : Optional.of(new CompactionPick(Reason.GARBAGE, worst));
    }

    /** As many of the files, from the first on, as one task takes. */
    private static CompactionPick bounded(CompactionPick pick, CompactionTargets targets) {
        long bytes = 0;
        long rows = 0;
        int n = 0;
        for (FileFacts f : pick.files()) {
            bytes += f.sizeBytes();
            rows += f.rowCount() - f.deadRows();
            // one file is always taken, however large
            boolean tooMuch = bytes > targets.maxTask() || rows > MAX_TASK_ROWS;
            if (n == PositionMap.MAX_INPUTS || n > 0 && tooMuch) {
                break;
            }
            n++;
        }
        return new CompactionPick(pick.reason(), pick.files().subList(0, n));
    }
}
