package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.catalog.tree.MaskObjects;
import io.streamhouse.catalog.tree.TreeEdit;
import io.streamhouse.catalog.tree.TreeReader;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TreeRefs;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.Mark;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Extends the chain by one snapshot. Thread-safe. */
final class Publisher {
    /** Lost races of one FENCE before its job is told to start again. */
    private static final int MAX_FENCE_TRIES = 1000;

    private final Components components;
    private final SnapshotSlots slots;
    private final LatestSlot latest;
    private final SnapshotHint hint;
    private final Manifests manifests;
    private final MaskObjects masks;
    private final TreeReader trees;
    private final IdentityRule identities;
    private final CommitSlot slot;
    private final PendingMerges merges;
    private final StandingObjects standing;
    private final TableStands stands;
    private final TableIdentity identity;
    private final boolean requiresLiveInputs;
    private final ChainCounters counters = new ChainCounters();

    Publisher(
            Components components,
            SnapshotSlots slots,
            BoundaryChain boundaries,
            LatestSlot latest,
            SnapshotHint hint,
            Manifests manifests,
            MaskObjects masks,
            TreeReader trees,
            PendingMerges merges,
            Protections protections,
            TableStands stands,
            TableIdentity identity) {
        this.components = components;
        this.slots = slots;
        this.latest = latest;
        this.hint = hint;
        this.manifests = manifests;
        this.masks = masks;
        this.trees = trees;
        this.merges = merges;
        this.standing = new StandingObjects(components.store(), protections);
        this.identities = IdentityRule.of(protections);
        this.slot = new CommitSlot(components.store(), slots, boundaries, counters, protections, components.marks());
        this.requiresLiveInputs = protections.has(Protection.COMPACTIONS_NEED_LIVE_INPUTS);
        this.stands = stands;
        this.identity = identity;
    }

    PublishStats stats() {
        return counters.sums();
    }

    /** What a commit map says; if that ends the commit, the head that says so is lasting. */
    CommitVerdict verdict(Optional<Snapshot> head, DeltaIdentity identity) throws IOException {
        CommitVerdict verdict = identities.decide(commits(head), identity);
        if (verdict instanceof CommitVerdict.Already) {
            components.marks().reached(Mark.KNOWN_BY_COMMIT_MAP);
        }
        if (!(verdict instanceof CommitVerdict.Go)) {
            makeLasting();
        }
        return verdict;
    }

    CommitOutcome alreadyCommitted(Optional<Snapshot> head) throws IOException {
        makeLasting();
        return new CommitOutcome.AlreadyCommitted(head);
    }

    /** The snapshots that were found: who put them may have died before they were sure to stay, or the table was dropped. */
    private void makeLasting() throws IOException {
        stands.requireIfDue();
        components.store().makeLasting(SnapshotSlots.DIRECTORY);
    }

    private static CommitMap commits(Optional<Snapshot> head) {
        return head.map(Snapshot::commits).orElse(CommitMap.EMPTY);
    }

    CommitOutcome publish(Optional<Snapshot> head, SnapshotDraft draft) throws IOException {
        try {
            return tryPublish(head, draft);
        } catch (StreamhouseException e) {
            // Who was stalled for long may build on a head whose objects have gone.
            if (e.code() == ErrorCode.MISSING_FILE
                    && head.isPresent()
                    && newest().id() > head.get().id()) {
                return headMoved();
            }
            throw e;
        }
    }

    private CommitOutcome tryPublish(Optional<Snapshot> head, SnapshotDraft draft) throws IOException {
        Optional<CommitOutcome> ended = draft.identity().isEmpty()
                ? Optional.empty()
                : verdict(head, draft.identity().get()).outcome(head);
        if (ended.isPresent()) {
            return ended.get();
        }
        Parent parent = new Parent(head, head.isEmpty() ? Optional.empty() : chained(head.get()));
        if (parent.isGone()) {
            return headMoved();
        }
        if (draft.identity().isEmpty() && head.isPresent() && holdsOutputs(head.get(), draft)) {
            return alreadyCommitted(head);
        }
        Optional<CommitOutcome> refused = refuseDeadInputs(head, draft);
        if (refused.isEmpty()) {
            refused = refuseTaken(head, draft.base(), draft.objects());
        }
        if (refused.isPresent()) {
            return refused.get();
        }
        // a ROLLBACK goes on from another tree than the one that was merged
        MergeSwap swap = draft.restored().isPresent()
                ? MergeSwap.none(merges)
                : MergeSwap.into(head.map(Snapshot::tree).orElse(TreeRefs.EMPTY), head, merges, trees, standing);
        try (swap) {
            return tryPublish(head, draft, parent, swap);
        }
    }

    private CommitOutcome tryPublish(Optional<Snapshot> head, SnapshotDraft draft, Parent parent, MergeSwap swap)
            throws IOException {
        TreeEdit edit = new TreeEdit(manifests, masks, trees);
        CommitBlocks blocks = CommitBlocks.place(masks, draft, parent.nextId());
        long timeMillis = parent.timeMillis(components.clock().millis());
        TreeRefs tree = draft.restored().isPresent()
                ? edit.restored(draft.restored().get().target(), parent.nextId(), renewed(draft, parent))
                : edit.next(
                        head,
                        swap.tree(),
                        parent.nextId(),
                        entries(draft.added(), parent),
                        draft.removed(),
                        blocks.segment());
        Snapshot next = new Snapshot(
                header(parent, draft.kind(), draft.schemaId(), timeMillis),
                draft.identity()
                        .map(i -> new Snapshot.Author(i.user(), i.identifier()))
                        .orElse(Snapshot.Author.NOBODY),
                commitsAfter(head, draft, timeMillis),
                tree,
                blocks.change(),
                parent.totals(draft),
                parent.cleaned(),
                draft.properties());
        swap.mayBePublished();
        return switch (put(parent, next)) {
            case WON -> {
                count(edit, blocks);
                counters.mergesTakenIn.add(swap.count());
                yield new CommitOutcome.Committed(next);
            }
            case LOST -> {
                swap.wasNotPublished();
                takeBack(edit, blocks);
                yield headMoved();
            }
            case LOST_AFTER_UNKNOWN -> headMoved();
            case EXPIRED -> lookedUp(draft);
        };
    }

    /** The slot of a head that the caller holds; empty if it is not (or no longer) there. */
    private Optional<SnapshotSlots.Slot> chained(Snapshot head) throws IOException {
        Optional<SnapshotSlots.Slot> found = slots.remembered(head.id());
        if (found.isEmpty()) {
            found = slots.read(head.id());
        }
        return found.filter(slot -> slot.holds(head));
    }

    private Optional<CommitOutcome> refuseDeadInputs(Optional<Snapshot> head, SnapshotDraft draft) throws IOException {
        if (draft.removed().isEmpty() || !requiresLiveInputs) {
            return Optional.empty();
        }
        Set<UUID> dead = new HashSet<>(draft.removed());
        if (head.isPresent()) {
            dead.removeAll(trees.liveFiles(head.get()));
        }
        return dead.isEmpty()
                ? Optional.empty()
                : Optional.of(new CommitOutcome.Refused(
                        ErrorCode.WRITE_CONFLICT,
                        "%s removes %d files that are not in the tree, among them %s"
                                .formatted(
                                        draft.kind(),
                                        dead.size(),
                                        dead.iterator().next())));
    }

    /** What has waited for days, in a savepoint for one, may have been cleaned away. */
    Optional<CommitOutcome> refuseTaken(Optional<Snapshot> head, long base, Collection<String> paths)
            throws IOException {
        return standing.firstTaken(head, base, paths)
                .map(path -> new CommitOutcome.Refused(
                        ErrorCode.MISSING_FILE,
                        "%s, written at snapshot %d or later and never published, has gone or was changed last before %s, so that cleaning takes it; nothing was published"
                                .formatted(
                                        path,
                                        base,
                                        Instant.ofEpochMilli(
                                                Parent.cleaned(head).changedBefore()))));
    }

    private static List<FileEntry> entries(List<DataFile> files, Parent parent) {
        List<FileEntry> entries = new ArrayList<>();
        long rowId = parent.nextRowId();
        for (DataFile file : files) {
            entries.add(new FileEntry(file, parent.nextId(), parent.nextId(), rowId));
            rowId += file.rowCount();
        }
        return entries;
    }

    private List<FileEntry> renewed(SnapshotDraft draft, Parent parent) throws IOException {
        SnapshotDraft.Restored restored = draft.restored().orElseThrow();
        if (restored.target().id() >= parent.nextId()) {
            throw new IllegalArgumentException("snapshot %d cannot go back to snapshot %d"
                    .formatted(parent.nextId(), restored.target().id()));
        }
        List<FileEntry> entries = new ArrayList<>();
        for (FileEntry old : trees.entries(restored.target(), 0)) {
            if (restored.renewed().contains(old.file().object().id())) {
                entries.add(new FileEntry(old.file(), parent.nextId(), old.bornIn(), old.firstRowId()));
            }
        }
        if (entries.size() != restored.renewed().size()) {
            throw new IllegalArgumentException("%d files to renew, %d of them are in snapshot %d"
                    .formatted(
                            restored.renewed().size(),
                            entries.size(),
                            restored.target().id()));
        }
        return entries;
    }

    /** What users are aged by: a clock that is ahead says nothing in the commit that it stamps. */
    private static long parentMillis(Optional<Snapshot> head) {
        return head.map(Snapshot::timeMillis).orElse(0L);
    }

    private static CommitMap commitsAfter(Optional<Snapshot> head, SnapshotDraft draft, long timeMillis) {
        CommitMap map = commits(head);
        if (draft.identity().isEmpty()) {
            return map;
        }
        DeltaIdentity id = draft.identity().get();
        return IdentityRule.with(
                map, id.user(), IdentityRule.committed(map, id, draft.watermark(), timeMillis), parentMillis(head));
    }

    private CommitSlot.Result put(Parent parent, Snapshot next) throws IOException {
        if (parent.head().isEmpty()
                || parent.head().get().header().schemaId() != next.header().schemaId()) {
            new SchemaFiles(components.store()).makeLasting(); // a commit must not outlast its table
        }
        byte[] bytes = SnapshotCodec.write(next);
        SnapshotSlots.Slot made = new SnapshotSlots.Slot(next, SnapshotCodec.crcOfFirstLine(bytes), bytes.length);
        stands.requireIfDue();
        CommitSlot.Result result = slot.put(made, bytes);
        if (result == CommitSlot.Result.WON) {
            stands.requireIfDue(); // who was stalled before the put
            counters.snapshots.increment();
            slots.remember(made);
            latest.noteNewest(next.id());
            if (hint.offer(next.id())) {
                counters.hints.increment();
            }
        } else {
            counters.conflicts.increment();
        }
        return result;
    }

    private void count(TreeEdit edit, CommitBlocks blocks) {
        counters.maskObjects.add(blocks.path().isPresent() ? 1 : 0);
        counters.manifestsSpilled.add(edit.manifestsSpilled());
        counters.manifestsMerged.add(edit.manifestsMerged());
        counters.segmentsMerged.add(edit.segmentsMerged());
    }

    /** The slot never held our snapshot, so nothing can ever name these objects. */
    private void takeBack(TreeEdit edit, CommitBlocks blocks) {
        List<String> paths = new ArrayList<>(edit.written());
        blocks.path().ifPresent(paths::add);
        for (String path : paths) {
            try {
                components.store().delete(path);
            } catch (IOException | StreamhouseException e) {
                return; // cleaning finds them later
            }
        }
    }

    private CommitOutcome headMoved() throws IOException {
        return new CommitOutcome.HeadMoved(newest());
    }

    private Snapshot newest() throws IOException {
        return latest.find()
                .map(SnapshotSlots.Slot::snapshot)
                .orElseThrow(() -> new StreamhouseException(
                        ErrorCode.MISSING_FILE,
                        "the snapshots of %s have gone"
                                .formatted(components.store().uri())));
    }

    /** What was put at or below the boundary may have refilled an expired slot: only the newest commit map knows. */
    private CommitOutcome lookedUp(SnapshotDraft draft) throws IOException {
        Snapshot head = newest();
        Optional<Snapshot> found = Optional.of(head);
        if (draft.identity().isEmpty()) {
            return holdsOutputs(head, draft) ? alreadyCommitted(found) : new CommitOutcome.HeadMoved(head);
        }
        return verdict(found, draft.identity().get()) instanceof CommitVerdict.Already
                ? new CommitOutcome.AlreadyCommitted(found)
                : new CommitOutcome.HeadMoved(head);
    }

    /** Whether what a compaction adds is live: file ids are fresh, so nobody but the compaction itself has added them. */
    private boolean holdsOutputs(Snapshot head, SnapshotDraft draft) throws IOException {
        if (draft.added().isEmpty()) {
            return false;
        }
        Set<UUID> live = trees.liveFiles(head);
        return draft.added().stream().allMatch(f -> live.contains(f.object().id()));
    }

    FenceOutcome fence(RestoredState state, OlderSavepoint policy) throws IOException {
        RestoredState taken = state;
        for (int tries = 0; tries < MAX_FENCE_TRIES; tries++) {
            Optional<Snapshot> head = latest.find().map(SnapshotSlots.Slot::snapshot);
            Optional<CommitVerdict.Refused> objection = identities.objection(commits(head), taken);
            if (objection.isPresent()) {
                makeLasting();
            }
            if (objection.isPresent() && policy == OlderSavepoint.REFUSE) {
                return new FenceOutcome.Refused(
                        objection.get().code(), objection.get().message());
            }
            if (objection.isPresent()) {
                taken = RestoredState.none(components.ids().next().toString());
            }
            Optional<Snapshot> opened = putFence(head, taken);
            if (opened.isPresent()) {
                int epoch = opened.get().commits().users().get(taken.user()).epoch();
                return new FenceOutcome.Opened(opened.get(), taken.user(), epoch);
            }
        }
        throw new StreamhouseException(
                ErrorCode.WRITE_CONFLICT,
                "fence of commit user '%s' lost %d races on %s"
                        .formatted(
                                taken.user(),
                                MAX_FENCE_TRIES,
                                components.store().uri()));
    }

    private Optional<Snapshot> putFence(Optional<Snapshot> head, RestoredState state) throws IOException {
        Parent parent = new Parent(head, head.isEmpty() ? Optional.empty() : chained(head.get()));
        if (parent.isGone()) {
            return Optional.empty();
        }
        long timeMillis = parent.timeMillis(components.clock().millis());
        CommitMap map = IdentityRule.with(
                commits(head), state.user(), identities.fenced(commits(head), state, timeMillis), parentMillis(head));
        Snapshot next = unchanged(
                parent,
                header(parent, SnapshotKind.FENCE, identity.schemaId(), timeMillis),
                new Snapshot.Author(state.user(), state.checkpoint()),
                map,
                parent.cleaned());
        // An expired slot is no matter: a second fence of the same attempt fences as well as the first.
        return put(parent, next) == CommitSlot.Result.WON ? Optional.of(next) : Optional.empty();
    }

    /**
     * Publishes what a cleaner is about to take, as a COMPACT that moves nothing. Empty if the head is not the newest any
     * more; an {@link IOException} leaves the outcome unknown. It has the time of its parent: that somebody cleans makes
     * nothing older, and the cleaner's clock is no committer's.
     */
    Optional<Snapshot> announce(Snapshot head, Cleaned taken) throws IOException {
        Parent parent = new Parent(Optional.of(head), chained(head));
        if (parent.isGone()) {
            return Optional.empty();
        }
        Snapshot next = unchanged(
                parent,
                header(parent, SnapshotKind.COMPACT, identity.schemaId(), head.timeMillis()),
                Snapshot.Author.NOBODY,
                head.commits(),
                head.cleaned().and(taken));
        return put(parent, next) == CommitSlot.Result.WON ? Optional.of(next) : Optional.empty();
    }

    private SnapshotHeader header(Parent parent, SnapshotKind kind, int schemaId, long timeMillis) {
        int newestSchema =
                Math.max(schemaId, parent.head().map(h -> h.header().schemaId()).orElse(0));
        int crc = parent.slot().map(SnapshotSlots.Slot::crc).orElse(0);
        return new SnapshotHeader(
                parent.nextId(),
                parent.nextId() - 1,
                crc,
                components.ids().next(),
                kind,
                newestSchema,
                timeMillis,
                identity.table());
    }

    private static Snapshot unchanged(
            Parent parent, SnapshotHeader header, Snapshot.Author author, CommitMap commits, Cleaned cleaned) {
        return new Snapshot(
                header,
                author,
                commits,
                parent.head().map(Snapshot::tree).orElse(TreeRefs.EMPTY),
                CommitChange.NONE,
                parent.head().map(Snapshot::totals).orElse(Snapshot.Totals.ZERO),
                cleaned,
                Map.of());
    }

    /** The head that a snapshot is built on, if any. */
    private record Parent(Optional<Snapshot> head, Optional<SnapshotSlots.Slot> slot) {
        boolean isGone() {
            return head.isPresent() && slot.isEmpty();
        }

        long nextId() {
            return head.map(Snapshot::id).orElse(0L) + 1;
        }

        long nextRowId() {
            return head.map(h -> h.totals().nextRowId()).orElse(0L);
        }

        long timeMillis(long now) {
            return Math.max(now, head.map(Snapshot::timeMillis).orElse(Long.MIN_VALUE));
        }

        Cleaned cleaned() {
            return cleaned(head);
        }

        static Cleaned cleaned(Optional<Snapshot> head) {
            return head.map(Snapshot::cleaned).orElse(Cleaned.NOTHING);
        }

        Snapshot.Totals totals(SnapshotDraft draft) {
            Snapshot.Totals old = head.map(Snapshot::totals).orElse(Snapshot.Totals.ZERO);
            KeyDigest digest = old.digest().plus(draft.digestDelta());
            long rows = draft.added().stream().mapToLong(DataFile::rowCount).sum();
            return new Snapshot.Totals(old.rowCount() + draft.rowCountDelta(), digest, old.nextRowId() + rows);
        }
    }
}
