package io.streamhouse.catalog.tree;

import io.streamhouse.spec.codec.FileEntryCodec;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.Tail;
import io.streamhouse.spec.table.TreeRefs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Makes the next tree out of the head's: adds, removes, spills a full tail, merges what has become too many. One commit,
 * one thread. What it writes is new objects only; {@link #written()} names them, so that a commit that lost its race can
 * take them back.
 */
public final class TreeEdit {
    /** Largest tail in the snapshot. */
    public static final int MAX_TAIL_BYTES = 32 << 10;
    /** Ids of dead manifest entries that a snapshot lists before the manifests are written anew. */
    public static final int MAX_REMOVED = 512;
    /** Manifests that a snapshot lists. */
    public static final int MAX_MANIFESTS = 10;
    /** A manifest of this many entries is not merged any further unless entries of it are dead. */
    public static final int FULL_MANIFEST = 1 << 16;
    /** Mask segments that a snapshot lists. */
    public static final int MAX_SEGMENTS = 16;
    /** Bytes of older commits' masks that a snapshot repeats. */
    public static final int MAX_INLINE_SEGMENT_BYTES = 32 << 10;

    private static final int LEAST_MERGED = 4;
    private static final int ID_BYTES = 16;

    private final Manifests manifests;
    private final MaskObjects masks;
    private final TreeReader reader;
    private final List<String> written = new ArrayList<>();
    private int manifestsSpilled;
    private int manifestsMerged;
    private int segmentsMerged;

    public TreeEdit(Manifests manifests, MaskObjects masks, TreeReader reader) {
        this.manifests = manifests;
        this.masks = masks;
        this.reader = reader;
    }

    /** Paths of the objects that this edit has written. */
    public List<String> written() {
        return written;
    }

    public int manifestsSpilled() {
        return manifestsSpilled;
    }

    public int manifestsMerged() {
        return manifestsMerged;
    }

    public int segmentsMerged() {
        return segmentsMerged;
    }

    /**
     * The tree of an older snapshot once more, as the tree of snapshot {@code id}.
     *
     * @param renewed entries of it that override the older ones of the same file
     */
    public TreeRefs restored(Snapshot target, long id, List<FileEntry> renewed) throws IOException {
        TreeRefs next = next(Optional.of(target), target.tree(), id, renewed, Set.of(), Optional.empty());
        return new TreeRefs(next.manifests(), next.segments(), next.tail(), id);
    }

    /**
     * The tree of snapshot {@code id}.
     *
     * @param head the parent, if any
     * @param old the parent's tree, perhaps with merged objects swapped in
     * @param added new entries
     * @param removed live files that go
     * @param own the commit's own mask segment
     */
    public TreeRefs next(
            Optional<Snapshot> head,
            TreeRefs old,
            long id,
            List<FileEntry> added,
            Set<UUID> removed,
            Optional<SegmentRef> own)
            throws IOException {
        List<SegmentRef> segments = segments(head, old.segments(), removed, own.isPresent());
        own.ifPresent(segments::add);
        Tail tail = tail(old.tail(), added, removed);
        List<ManifestRef> refs = old.manifests();
        if (isFull(tail)) {
            Spilled spilled = spill(refs, tail);
            refs = spilled.manifests;
            tail = spilled.tail;
        }
        return new TreeRefs(refs, segments, tail, removed.isEmpty() ? old.lastRemovalIn() : id);
    }

    private static Tail tail(Tail old, List<FileEntry> added, Set<UUID> removed) {
        List<FileEntry> entries = new ArrayList<>();
        Set<UUID> dead = new LinkedHashSet<>(old.removed());
        Set<UUID> onlyInTail = new HashSet<>();
        Set<UUID> overridden = new HashSet<>();
        for (FileEntry entry : added) {
            overridden.add(entry.file().object().id());
        }
        for (FileEntry entry : old.entries()) {
            UUID file = entry.file().object().id();
            if (!removed.contains(file)) {
                if (!overridden.contains(file)) {
                    entries.add(entry);
                }
            } else if (!isRenewed(entry)) {
                onlyInTail.add(file);
            }
        }
        // a set has no order that can be repeated, a snapshot's bytes have
        for (UUID file : new TreeSet<>(removed)) {
            if (!onlyInTail.contains(file)) {
                dead.add(file);
            }
        }
        entries.addAll(added);
        return new Tail(entries, List.copyOf(dead));
    }

    /** A renewed entry overrides an older one that a manifest may still hold. */
    private static boolean isRenewed(FileEntry entry) {
        return entry.addedIn() != entry.bornIn();
    }

    private static boolean isFull(Tail tail) {
        if (tail.removed().size() > MAX_REMOVED) {
            return true;
        }
        long bytes = (long) tail.removed().size() * ID_BYTES;
        for (FileEntry entry : tail.entries()) {
            bytes += FileEntryCodec.write(entry).length;
        }
        return bytes > MAX_TAIL_BYTES;
    }

    private record Spilled(List<ManifestRef> manifests, Tail tail) {}

    /** Moves the tail's entries into a manifest, together with those of the manifests that are due. */
    private Spilled spill(List<ManifestRef> refs, Tail tail) throws IOException {
        Set<UUID> overriding = new HashSet<>(tail.removed());
        boolean cleaning = tail.removed().size() > MAX_REMOVED / 2;
        for (FileEntry entry : tail.entries()) {
            overriding.add(entry.file().object().id());
            cleaning |= isRenewed(entry);
        }
        Set<ManifestRef> due = dueBySize(refs);
        if (cleaning) {
            for (ManifestRef ref : refs) {
                if (holdsAny(ref, overriding)) {
                    due.add(ref);
                }
            }
        }
        List<FileEntry> entries = new ArrayList<>(tail.entries());
        Set<UUID> removed = new LinkedHashSet<>(cleaning ? List.of() : tail.removed());
        for (ManifestRef ref : due) {
            for (FileEntry entry : manifests.read(ref)) {
                UUID file = entry.file().object().id();
                if (!overriding.contains(file)) {
                    entries.add(entry);
                }
                removed.remove(file);
            }
        }
        List<ManifestRef> next = new ArrayList<>(refs);
        next.removeAll(due);
        if (!entries.isEmpty()) {
            next.add(write(entries, due));
        }
        return new Spilled(next, new Tail(List.of(), List.copyOf(removed)));
    }

    private ManifestRef write(List<FileEntry> entries, Collection<ManifestRef> merged) throws IOException {
        entries.sort(Manifests.ORDER);
        ManifestRef ref = manifests.write(entries);
        written.add(ref.path());
        if (merged.isEmpty()) {
            manifestsSpilled++;
        } else {
            manifestsMerged++;
        }
        return ref;
    }

    private static Set<ManifestRef> dueBySize(List<ManifestRef> refs) {
        List<ManifestRef> growing =
                refs.stream().filter(r -> r.entries() < FULL_MANIFEST).toList();
        if (growing.size() < MAX_MANIFESTS) {
            return new LinkedHashSet<>();
        }
        long[] sizes = growing.stream().mapToLong(ManifestRef::entries).toArray();
        return new LinkedHashSet<>(growing.subList(Tiers.firstToMerge(sizes, LEAST_MERGED), growing.size()));
    }

    private boolean holdsAny(ManifestRef ref, Set<UUID> files) throws IOException {
        for (FileEntry entry : manifests.read(ref)) {
            if (files.contains(entry.file().object().id())) {
                return true;
            }
        }
        return false;
    }

    /** The older segments, merged if they are too many or repeat too many bytes; the own one always stands alone. */
    private List<SegmentRef> segments(Optional<Snapshot> head, List<SegmentRef> old, Set<UUID> removed, boolean hasOwn)
            throws IOException {
        int firstInline = old.size();
        long inlineBytes = 0;
        for (int i = old.size() - 1; i >= 0; i--) {
            if (old.get(i).block() instanceof BlockRef.Inline block) {
                firstInline = i;
                inlineBytes += block.length();
            }
        }
        boolean tooMany = old.size() + (hasOwn ? 1 : 0) > MAX_SEGMENTS;
        boolean tooLong = inlineBytes > MAX_INLINE_SEGMENT_BYTES;
        if (!tooMany && !tooLong) {
            return new ArrayList<>(old);
        }
        long[] sizes = old.stream().mapToLong(SegmentRef::positions).toArray();
        int first = Tiers.firstToMerge(sizes, tooLong ? old.size() - firstInline : LEAST_MERGED);
        List<SegmentRef> next = new ArrayList<>(old.subList(0, first));
        merged(head.orElseThrow(), old.subList(first, old.size()), removed).ifPresent(next::add);
        return next;
    }

    private Optional<SegmentRef> merged(Snapshot head, List<SegmentRef> refs, Set<UUID> removed) throws IOException {
        List<MaskSegment> segments = new ArrayList<>();
        for (SegmentRef ref : refs) {
            segments.add(masks.read(ref));
        }
        MaskSegment merged = MaskObjects.merge(segments, live(head, refs.get(0).fromSnapshot(), removed));
        segmentsMerged++;
        if (merged.masks().isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = MaskSegmentCodec.write(merged);
        if (bytes.length <= MaskObjects.MAX_INLINE_BYTES) {
            return Optional.of(MaskObjects.ref(merged, new BlockRef.Inline(bytes)));
        }
        BlockRef.Stored block = masks.write(bytes);
        written.add(block.path());
        return Optional.of(MaskObjects.ref(merged, block));
    }

    /** Masks of files that have left the tree are dropped; the tree is looked at only if files have left it since. */
    private Predicate<UUID> live(Snapshot head, long from, Set<UUID> removed) throws IOException {
        if (head.tree().lastRemovalIn() < from) {
            return file -> !removed.contains(file);
        }
        Set<UUID> live = reader.liveFiles(head);
        return file -> live.contains(file) && !removed.contains(file);
    }
}
