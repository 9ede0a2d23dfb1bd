package io.streamhouse.catalog.tree;

import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TreeRefs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Merges manifests and mask segments of a tree beside the commits, well before {@link TreeEdit} would have to do it within
 * one. Writes new objects only. Thread-safe.
 */
public final class TreeMerger {
    /** Mask segments from which on they are merged; the rest up to {@link TreeEdit#MAX_SEGMENTS} is time to do it. */
    public static final int MANY_SEGMENTS = TreeEdit.MAX_SEGMENTS / 2;
    /** Bytes of inline masks from which on they are merged; commits repeat them. */
    static final int MANY_INLINE_BYTES = TreeEdit.MAX_INLINE_SEGMENT_BYTES / 4;
    /**
     * Manifests that are not full from which on they are merged: a plan reads the snapshot and these, one object each, so
     * there are fewer than a table of the same size could do with.
     */
    public static final int MANY_MANIFESTS = 3;
    /** Dead manifest entries from which on manifests are written without them. */
    static final int MANY_REMOVED = TreeEdit.MAX_REMOVED * 3 / 8;

    private static final int LEAST_SEGMENTS_MERGED = 4;
    private static final int LEAST_MANIFESTS_MERGED = 2;

    private final Manifests manifests;
    private final MaskObjects masks;
    private final TreeReader reader;

    public TreeMerger(Manifests manifests, MaskObjects masks, TreeReader reader) {
        this.manifests = manifests;
        this.masks = masks;
        this.reader = reader;
    }

    /** Whether anything is worth merging; asks nobody. */
    public static boolean isDue(TreeRefs tree) {
        return !dueSegments(tree.segments()).isEmpty()
                || !dueBySize(tree.manifests()).isEmpty()
                || tree.tail().removed().size() >= MANY_REMOVED;
    }

    /** What is worth merging, merged. */
    public List<TreeMerge> merge(Snapshot head) throws IOException {
        List<TreeMerge> out = new ArrayList<>();
        segments(head).ifPresent(out::add);
        manifests(head).ifPresent(out::add);
        return out;
    }

    private static List<SegmentRef> dueSegments(List<SegmentRef> all) {
        int firstInline = all.size();
        long inlineBytes = 0;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).block() instanceof BlockRef.Inline block) {
                firstInline = i;
                inlineBytes += block.length();
            }
        }
        boolean tooLong = inlineBytes >= MANY_INLINE_BYTES;
        if (!tooLong && all.size() < MANY_SEGMENTS) {
            return List.of();
        }
        long[] sizes = all.stream().mapToLong(SegmentRef::positions).toArray();
        int first = Tiers.firstToMerge(sizes, tooLong ? all.size() - firstInline : LEAST_SEGMENTS_MERGED);
        return all.size() - first < 2 ? List.of() : all.subList(first, all.size());
    }

    private Optional<TreeMerge> segments(Snapshot head) throws IOException {
        List<SegmentRef> due = dueSegments(head.tree().segments());
        if (due.isEmpty()) {
            return Optional.empty();
        }
        List<MaskSegment> inputs = new ArrayList<>();
        Set<UUID> silentAbout = new HashSet<>();
        for (SegmentRef ref : due) {
            MaskSegment segment = masks.read(ref);
            inputs.add(segment);
            segment.masks().stream().map(FileMask::file).forEach(silentAbout::add);
        }
        Set<UUID> live = reader.liveFiles(head);
        MaskSegment merged = MaskObjects.merge(inputs, live::contains);
        silentAbout.removeAll(live);
        Optional<SegmentRef> ref = Optional.empty();
        if (!merged.masks().isEmpty()) {
            byte[] bytes = MaskSegmentCodec.write(merged);
            BlockRef block =
                    bytes.length <= MaskObjects.MAX_INLINE_BYTES ? new BlockRef.Inline(bytes) : masks.write(bytes);
            ref = Optional.of(MaskObjects.ref(merged, block));
        }
        return Optional.of(new TreeMerge.OfSegments(head.id(), due, silentAbout, ref));
    }

    private static Set<ManifestRef> dueBySize(List<ManifestRef> refs) {
        List<ManifestRef> growing =
                refs.stream().filter(r -> r.entries() < TreeEdit.FULL_MANIFEST).toList();
        if (growing.size() < MANY_MANIFESTS) {
            return Set.of();
        }
        long[] sizes = growing.stream().mapToLong(ManifestRef::entries).toArray();
        return new LinkedHashSet<>(growing.subList(Tiers.firstToMerge(sizes, LEAST_MANIFESTS_MERGED), growing.size()));
    }

    private Optional<TreeMerge> manifests(Snapshot head) throws IOException {
        TreeRefs tree = head.tree();
        Set<UUID> removed = new HashSet<>(tree.tail().removed());
        Set<ManifestRef> due = new LinkedHashSet<>(dueBySize(tree.manifests()));
        if (removed.size() >= MANY_REMOVED) {
            for (ManifestRef ref : tree.manifests()) {
                if (manifests.read(ref).stream()
                        .anyMatch(e -> removed.contains(e.file().object().id()))) {
                    due.add(ref);
                }
            }
        }
        if (due.isEmpty()) {
            return Optional.empty();
        }
        List<FileEntry> entries = new ArrayList<>();
        Set<UUID> dropped = new HashSet<>();
        for (ManifestRef ref : due) {
            for (FileEntry entry : manifests.read(ref)) {
                UUID file = entry.file().object().id();
                if (removed.contains(file)) {
                    dropped.add(file);
                } else {
                    entries.add(entry);
                }
            }
        }
        entries.sort(Manifests.ORDER);
        Optional<ManifestRef> merged = entries.isEmpty() ? Optional.empty() : Optional.of(manifests.write(entries));
        return Optional.of(new TreeMerge.OfManifests(head.id(), due, dropped, merged));
    }
}
