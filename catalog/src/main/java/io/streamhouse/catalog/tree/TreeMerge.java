package io.streamhouse.catalog.tree;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Tail;
import io.streamhouse.spec.table.TreeRefs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Metadata merged beside the commits: one object that says what older ones of a tree say, offered to the next commit. No
 * snapshot names it before one takes it in.
 */
public sealed interface TreeMerge {
    /** The snapshot at whose tree it was made. */
    long base();

    /** Path of the object that was written, if any. */
    Optional<String> written();

    /** The tree with the merged object in place of its inputs; empty if the tree does not hold them all any more. */
    Optional<TreeRefs> in(TreeRefs tree);

    /**
     * Files that the merged object says nothing about any more, although its inputs do; none of them may be live in a tree
     * that takes it in. A compaction takes files away, a ROLLBACK may bring them back.
     */
    Set<UUID> silentAbout();

    /**
     * Merged manifests.
     *
     * @param base as {@link #base()}
     * @param inputs any order
     * @param dropped files whose dead entries are left out
     * @param merged all other entries; absent if there are none
     */
    record OfManifests(long base, Set<ManifestRef> inputs, Set<UUID> dropped, Optional<ManifestRef> merged)
            implements TreeMerge {
        public OfManifests {
            inputs = Set.copyOf(inputs);
            dropped = Set.copyOf(dropped);
        }

        @Override
        public Optional<String> written() {
            return merged.map(ManifestRef::path);
        }

        @Override
        public Optional<TreeRefs> in(TreeRefs tree) {
            if (!tree.manifests().containsAll(inputs)
                    || !new HashSet<>(tree.tail().removed()).containsAll(dropped)) {
                return Optional.empty();
            }
            List<ManifestRef> manifests = new ArrayList<>();
            boolean placed = merged.isEmpty();
            for (ManifestRef ref : tree.manifests()) {
                if (!inputs.contains(ref)) {
                    manifests.add(ref);
                } else if (!placed) {
                    // older manifests stand first, and are merged last
                    manifests.add(merged.get());
                    placed = true;
                }
            }
            List<UUID> removed = tree.tail().removed().stream()
                    .filter(f -> !dropped.contains(f))
                    .toList();
            return Optional.of(new TreeRefs(
                    manifests, tree.segments(), new Tail(tree.tail().entries(), removed), tree.lastRemovalIn()));
        }

        /** Dead entries stand in the tail's list, which {@link #in} compares. */
        @Override
        public Set<UUID> silentAbout() {
            return Set.of();
        }
    }

    /**
     * Merged mask segments.
     *
     * @param base as {@link #base()}
     * @param inputs neighbours, oldest first
     * @param silentAbout as {@link #silentAbout()}
     * @param merged absent if no masks are left
     */
    record OfSegments(long base, List<SegmentRef> inputs, Set<UUID> silentAbout, Optional<SegmentRef> merged)
            implements TreeMerge {
        public OfSegments {
            inputs = List.copyOf(inputs);
            silentAbout = Set.copyOf(silentAbout);
        }

        @Override
        public Optional<String> written() {
            return merged.map(SegmentRef::block)
                    .filter(BlockRef.Stored.class::isInstance)
                    .map(b -> ((BlockRef.Stored) b).path());
        }

        @Override
        public Optional<TreeRefs> in(TreeRefs tree) {
            List<SegmentRef> all = tree.segments();
            for (int first = 0; first + inputs.size() <= all.size(); first++) {
                if (isAt(all, first)) {
                    List<SegmentRef> segments = new ArrayList<>(all.subList(0, first));
                    merged.ifPresent(segments::add);
                    segments.addAll(all.subList(first + inputs.size(), all.size()));
                    return Optional.of(new TreeRefs(tree.manifests(), segments, tree.tail(), tree.lastRemovalIn()));
                }
            }
            return Optional.empty();
        }

        private boolean isAt(List<SegmentRef> all, int first) {
            for (int i = 0; i < inputs.size(); i++) {
                if (!isSame(all.get(first + i), inputs.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /** Inline bytes are compared, for the same segment is read anew with every snapshot. */
        private static boolean isSame(SegmentRef a, SegmentRef b) {
            if (a.block() instanceof BlockRef.Inline x && b.block() instanceof BlockRef.Inline y) {
                return a.fromSnapshot() == b.fromSnapshot()
                        && a.toSnapshot() == b.toSnapshot()
                        && Arrays.equals(x.bytes(), y.bytes());
            }
            return a.equals(b);
        }
    }
}
