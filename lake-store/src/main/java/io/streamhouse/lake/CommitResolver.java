package io.streamhouse.lake;

import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * The rule of the commit: what a delta's keys replace in the very head that the commit builds on. One thread per delta.
 *
 * <p>For every key whose bucket holds a file with {@code addedIn > since}, the key is looked up there; its target is the
 * position visible at the head, otherwise the writer's found position if that still stands, otherwise none.
 *
 * @see "spec/commit.md, section Resolution"
 */
public final class CommitResolver {
    private static final long THIS_COMMIT = Long.MAX_VALUE;

    private final ObjectStore store;
    private final KeyReader reader;
    private final Rules rules;

    /** Which parts of the rule are in force; all of them, but in tests that show what each is worth. */
    public record Rules(boolean lookUpAgain, boolean lookUpDeletes, boolean onlyVisibleTargets) {
        public static final Rules ALL = new Rules(true, true, true);
    }

    /**
     * @param store store at the table root
     * @param reader keys of files; null for a table without key
     * @param rules {@link Rules#ALL}
     */
    public CommitResolver(ObjectStore store, KeyReader reader, Rules rules) {
        this.store = store;
        this.reader = reader;
        this.rules = rules;
    }

    /**
     * The answer.
     *
     * @param masks positions that the commit supersedes, ascending by file id
     * @param counts what the commit changes at this head
     * @param examinedRows rows of files with {@code addedIn > since} that were looked at
     */
    public record Resolution(List<FileMask> masks, DeltaCounts counts, long examinedRows) {
        public Resolution {
            masks = List.copyOf(masks);
        }
    }

    /** A delta with its payload read, ready to be resolved against one head after another. */
    public final class Prepared {
        private final List<Part> parts = new ArrayList<>();
        private final boolean keyless;
        private final DeltaCounts keylessCounts;
        private long resolvedAt;

        private Prepared(CommitDelta delta) throws IOException {
            DeltaCounts sum = DeltaCounts.ZERO;
            boolean without = false;
            for (TableDelta part : delta.parts()) {
                sum = sum.plus(part.counts());
                without |= part.keyless();
                if (!part.keyless()) {
                    parts.add(new Part(part));
                }
            }
            keyless = without;
            keylessCounts = sum;
        }

        /** Delete blocks of the writers that delete anything. */
        public List<BlockRef> deleteBlocks() {
            return parts.stream()
                    .filter(p -> p.deletes.keys().size() > 0)
                    .map(p -> p.delta.deletes())
                    .toList();
        }

        /** Resolves against a view at the head, which lies at or after every base; the next call's lies further on. */
        public Resolution resolve(LakeView head) throws IOException {
            if (keyless) {
                return new Resolution(List.of(), keylessCounts, 0);
            }
            Attempt attempt = new Attempt(parts, head, resolvedAt);
            for (Part part : parts) {
                attempt.resolve(part);
            }
            attempt.countKeysOnce(parts);
            // a later head is looked at from here on: retries are incremental
            resolvedAt = head.snapshotId();
            return attempt.result();
        }
    }

    /** Reads the delta's payload. */
    public Prepared prepare(CommitDelta delta) throws IOException {
        return new Prepared(delta);
    }

    /** One writer's delta with its keys by bucket and the targets found so far. */
    private final class Part {
        final TableDelta delta;
        final DeleteBlock deletes;
        final int rows;
        final List<UUID> files;
        final Map<UUID, Integer> ordinalOf = new HashMap<>();
        final int[] ordinals;
        final int[] positions;
        final boolean[] replaced;

        /** Ranges of keys of one bucket: slices of own files, and the delete group. */
        final List<Range> ranges;

        Part(TableDelta delta) throws IOException {
            DeltaPayload payload = DeltaPayload.read(store, delta);
            FoundPositions found = payload.found();
            this.delta = delta;
            this.deletes = payload.deletes();
            this.rows = payload.rows();
            this.files = new ArrayList<>(found.files());
            for (int i = 0; i < files.size(); i++) {
                ordinalOf.put(files.get(i), i);
            }
            this.ordinals = found.ordinals().clone();
            this.positions = found.positions().clone();
            this.replaced = new boolean[found.size()];
            for (int i = 0; i < replaced.length; i++) {
                replaced[i] = ordinals[i] >= 0;
            }
            this.ranges = ranges();
        }

        int ordinal(UUID file) {
            return ordinalOf.computeIfAbsent(file, f -> {
                files.add(f);
                return files.size() - 1;
            });
        }

        private List<Range> ranges() {
            List<Range> out = new ArrayList<>();
            int first = 0;
            for (DataFile f : delta.files()) {
                for (Slice s : f.slices()) {
                    out.add(new Range(
                            new BucketId(s.partition(), s.bucket()),
                            f,
                            null,
                            s.firstRow(),
                            s.rowCount(),
                            first + s.firstRow()));
                }
                first += f.rowCount();
            }
            for (DeleteBlock.Group g : deletes.groups()) {
                out.add(new Range(
                        new BucketId(g.partition(), g.bucket()),
                        null,
                        deletes.keys(),
                        g.first(),
                        g.count(),
                        rows + g.first()));
            }
            return out;
        }
    }

    /**
     * Ascending keys of one bucket in a delta.
     *
     * @param file own data file that holds them, or null for deletes
     * @param deleteKeys all delete keys, or null for rows
     * @param first index of the first key in the file or delete block
     * @param count keys
     * @param number number of the first key in the delta
     */
    private record Range(BucketId bucket, DataFile file, KeyColumn deleteKeys, int first, int count, int number) {}

    /** The keys of a range, and how many of them are done. */
    private static final class PartKeys {
        final Part part;
        final Range range;
        KeyColumn keys;
        int next;

        PartKeys(Part part, Range range) {
            this.part = part;
            this.range = range;
        }

        boolean atEnd() {
            return next == range.count();
        }

        int index() {
            return range.first() + next;
        }

        int number() {
            return range.number() + next;
        }

        int compare(PartKeys other) {
            return keys.compare(index(), other.keys, other.index());
        }
    }

    /** One run of the rule against one head. */
    private final class Attempt {
        final LakeView head;
        final long resolvedAt;
        final Map<UUID, RoaringBitmap> targets = new HashMap<>();
        final Map<BucketId, List<Fresh>> fresh = new HashMap<>();
        final Set<UUID> earlierIds = new HashSet<>();
        DeltaCounts counts = DeltaCounts.ZERO;
        long examined;

        Attempt(List<Part> parts, LakeView head, long resolvedAt) {
            this.head = head;
            this.resolvedAt = resolvedAt;
            long oldest = parts.stream().mapToLong(p -> p.delta.since()).min().orElse(0);
            for (FileEntry e : head.addedSince(Math.max(oldest, resolvedAt))) {
                addSlices(e.file(), e.addedIn());
            }
        }

        void resolve(Part part) throws IOException {
            long since = Math.max(part.delta.since(), resolvedAt);
            for (Range range : part.ranges) {
                boolean lookUp = rules.lookUpAgain() && (rules.lookUpDeletes() || range.file() != null);
                resolve(part, range, lookUp ? freshSlices(range.bucket(), since) : List.of());
            }
            counts = counts.plus(partCounts(part));
            for (DataFile f : part.delta.files()) {
                addSlices(f, THIS_COMMIT);
                earlierIds.add(f.object().id());
            }
        }

        private List<Fresh> freshSlices(BucketId bucket, long since) {
            List<Fresh> all = fresh.getOrDefault(bucket, List.of());
            return all.stream().filter(f -> f.addedIn() > since).toList();
        }

        private void addSlices(DataFile file, long addedIn) {
            for (Slice s : file.slices()) {
                fresh.computeIfAbsent(new BucketId(s.partition(), s.bucket()), b -> new ArrayList<>())
                        .add(new Fresh(file, s, addedIn));
            }
        }

        private void resolve(Part part, Range range, List<Fresh> slices) throws IOException {
            KeyColumn keys = null;
            int end = range.first() + range.count();
            boolean[] hit = slices.isEmpty() ? null : new boolean[range.count()];
            for (Fresh f : slices) {
                if (keys == null) {
                    keys = keysOf(range);
                }
                if (disjoint(keys, range.first(), end, f.slice())) {
                    continue;
                }
                examined += f.slice().rowCount();
                probe(part, range, keys, f, hit);
            }
            for (int i = 0; i < range.count(); i++) {
                int number = range.number() + i;
                int ordinal = part.ordinals[number];
                if (ordinal >= 0 && (hit == null || !hit[i])) {
                    UUID file = part.files.get(ordinal);
                    if (rules.onlyVisibleTargets() && !visible(file, part.positions[number])) {
                        part.ordinals[number] = -1;
                        continue;
                    }
                }
                if (ordinal >= 0 || (hit != null && hit[i])) {
                    targets.computeIfAbsent(part.files.get(part.ordinals[number]), f -> new RoaringBitmap())
                            .add(part.positions[number]);
                }
            }
        }

        private void probe(Part part, Range range, KeyColumn keys, Fresh fresh, boolean[] hit) throws IOException {
            KeyColumn other = reader.keys(fresh.file());
            UUID id = fresh.file().object().id();
            int at = fresh.slice().firstRow();
            int last = fresh.slice().endRow();
            int ordinal = -1;
            for (int i = 0; i < range.count() && at < last; i++) {
                at = other.gallop(at, last, keys, range.first() + i);
                if (at < last && other.compare(at, keys, range.first() + i) == 0 && visible(id, at)) {
                    if (ordinal < 0) {
                        ordinal = part.ordinal(id);
                    }
                    part.ordinals[range.number() + i] = ordinal;
                    part.positions[range.number() + i] = at;
                    hit[i] = true;
                }
            }
        }

        private boolean visible(UUID file, int position) {
            if (!head.isVisible(file, position) && !earlierIds.contains(file)) {
                return false;
            }
            RoaringBitmap taken = targets.get(file);
            return taken == null || !taken.contains(position);
        }

        /** The writer's counts, corrected for the keys whose fate differs from what the writer saw. */
        private DeltaCounts partCounts(Part part) throws IOException {
            long moreInserted = 0;
            long moreDeleted = 0;
            KeyDigest inserted = KeyDigest.ZERO;
            KeyDigest deleted = KeyDigest.ZERO;
            for (Range range : part.ranges) {
                KeyColumn keys = null;
                for (int i = 0; i < range.count(); i++) {
                    boolean before = part.replaced[range.number() + i];
                    boolean now = part.ordinals[range.number() + i] >= 0;
                    if (before == now) {
                        continue;
                    }
                    if (keys == null) {
                        keys = keysOf(range);
                    }
                    KeyDigest digest = keys.digest(range.first() + i, range.first() + i + 1);
                    if (range.file() != null) {
                        moreInserted += now ? -1 : 1;
                        inserted = now ? inserted.minus(digest) : inserted.plus(digest);
                    } else {
                        moreDeleted += now ? 1 : -1;
                        deleted = now ? deleted.plus(digest) : deleted.minus(digest);
                    }
                }
            }
            return part.delta
                    .counts()
                    .plus(new DeltaCounts(moreInserted, -moreInserted, moreDeleted, inserted, deleted));
        }

        /**
         * Corrects the counts for keys that several parts hold: results of one writer for several checkpoints, of which only
         * the last was completed. What counts is the key before the commit against the key after it.
         */
        void countKeysOnce(List<Part> parts) throws IOException {
            if (parts.size() < 2) {
                return;
            }
            Map<BucketId, List<PartKeys>> byBucket = new HashMap<>();
            for (Part part : parts) {
                for (Range range : part.ranges) {
                    byBucket.computeIfAbsent(range.bucket(), b -> new ArrayList<>())
                            .add(new PartKeys(part, range));
                }
            }
            for (List<PartKeys> ranges : byBucket.values()) {
                if (ranges.stream().anyMatch(r -> r.part != ranges.get(0).part)) {
                    countKeysOnceIn(ranges);
                }
            }
        }

        private void countKeysOnceIn(List<PartKeys> ranges) throws IOException {
            for (PartKeys r : ranges) {
                r.keys = keysOf(r.range);
            }
            List<PartKeys> same = new ArrayList<>();
            while (true) {
                same.clear();
                for (PartKeys r : ranges) {
                    if (!r.atEnd()) {
                        int order = same.isEmpty() ? 0 : r.compare(same.get(0));
                        if (order < 0) {
                            same.clear();
                        }
                        if (order <= 0) {
                            same.add(r);
                        }
                    }
                }
                if (same.isEmpty()) {
                    return;
                }
                if (same.size() > 1) {
                    countOnce(same);
                }
                same.forEach(r -> r.next++);
            }
        }

        /** One key in several parts, in their order. */
        private void countOnce(List<PartKeys> same) {
            boolean stood = false;
            int inserted = 0;
            int updated = 0;
            int deleted = 0;
            for (PartKeys r : same) {
                int ordinal = r.part.ordinals[r.number()];
                boolean found = ordinal >= 0;
                stood |= found && !earlierIds.contains(r.part.files.get(ordinal));
                if (r.range.file() == null) {
                    deleted += found ? 1 : 0;
                } else {
                    updated += found ? 1 : 0;
                    inserted += found ? 0 : 1;
                }
            }
            boolean stands = same.get(same.size() - 1).range.file() != null;
            int moreInserted = (!stood && stands ? 1 : 0) - inserted;
            int moreUpdated = (stood && stands ? 1 : 0) - updated;
            int moreDeleted = (stood && !stands ? 1 : 0) - deleted;
            KeyDigest digest =
                    same.get(0).keys.digest(same.get(0).index(), same.get(0).index() + 1);
            counts = counts.plus(new DeltaCounts(
                    moreInserted, moreUpdated, moreDeleted, times(digest, moreInserted), times(digest, moreDeleted)));
        }

        private static KeyDigest times(KeyDigest digest, int n) {
            KeyDigest sum = KeyDigest.ZERO;
            for (int i = 0; i < Math.abs(n); i++) {
                sum = n > 0 ? sum.plus(digest) : sum.minus(digest);
            }
            return sum;
        }

        private KeyColumn keysOf(Range range) throws IOException {
            return range.file() == null ? range.deleteKeys() : reader.keys(range.file());
        }

        private boolean disjoint(KeyColumn keys, int from, int end, Slice slice) {
            return Arrays.compareUnsigned(keys.canonical(end - 1), slice.keys().min()) < 0
                    || Arrays.compareUnsigned(keys.canonical(from), slice.keys().max()) > 0;
        }

        Resolution result() {
            List<FileMask> masks = new ArrayList<>();
            targets.forEach((file, positions) -> masks.add(new FileMask(file, positions.toArray())));
            masks.sort(Comparator.comparing(FileMask::file, MaskSegmentCodec::compare));
            return new Resolution(masks, counts, examined);
        }
    }

    /**
     * A slice that came after the base.
     *
     * @param file its file
     * @param slice the slice
     * @param addedIn since when it stands, {@link #THIS_COMMIT} for another writer's file of this commit
     */
    private record Fresh(DataFile file, Slice slice, long addedIn) {}
}
