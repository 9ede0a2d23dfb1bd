package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.catalog.tree.MaskObjects;
import io.streamhouse.catalog.tree.MetadataCache;
import io.streamhouse.catalog.tree.TreeMerger;
import io.streamhouse.catalog.tree.TreeReader;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.option.SnapshotRetention;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The snapshots of one table: one order, dense ids from 1, each published whole by one put-if-absent. Thread-safe.
 *
 * <p>Failures of the store are {@link IOException}; a corrupt, truncated or missing object is {@code CORRUPT_FILE} or
 * {@code MISSING_FILE} and named, one of a newer format {@code UNKNOWN_VERSION}.
 *
 * @see "spec/commit.md"
 */
public final class SnapshotChain {
    private final String table;
    private final Components components;
    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final TableStands stands;
    private final SnapshotHint hint;
    private final LatestSlot latest;
    private final Manifests manifests;
    private final TreeReader trees;
    private final Publisher publisher;
    private final MetadataMerges merges;

    SnapshotChain(
            String table,
            TableIdentity identity,
            Components components,
            MetadataCache cache,
            Protections protections,
            SnapshotDecoder decoder) {
        this.table = table;
        this.components = components;
        this.slots = new SnapshotSlots(components.store(), identity, decoder);
        this.boundaries = new BoundaryChain(components.store());
        this.stands = new TableStands(new SchemaFiles(components.store()), identity, components.clock());
        this.hint = new SnapshotHint(components.store(), components.clock());
        this.latest = new LatestSlot(components.store(), slots, boundaries, hint, protections, components.marks());
        this.manifests = new Manifests(components, cache);
        MaskObjects masks = new MaskObjects(components, cache);
        this.trees = new TreeReader(manifests, masks);
        PendingMerges pending = new PendingMerges();
        this.merges = new MetadataMerges(components.store(), pending, new TreeMerger(manifests, masks, trees));
        this.publisher = new Publisher(
                components,
                slots,
                boundaries,
                latest,
                hint,
                manifests,
                masks,
                trees,
                pending,
                protections,
                stands,
                identity);
    }

    /** Path of a snapshot's object below the table's root. */
    public static String objectPath(long id) {
        return SnapshotSlots.path(id);
    }

    /** The snapshot whose object stands at a path below the table's root; empty if it is none's. */
    public static OptionalLong idOfObject(String path) {
        long id = path.startsWith(SnapshotSlots.DIRECTORY + "/") ? SnapshotSlots.idOf(path) : 0;
        return id > 0 ? OptionalLong.of(id) : OptionalLong.empty();
    }

    /** A snapshot that was the newest a while ago, as its publisher has left word in the store; decides nothing. */
    public OptionalLong hinted() {
        return hint.read();
    }

    /** The newest snapshot; empty for a table without commits. */
    public Optional<Snapshot> latest() throws IOException {
        return latest.find().map(SnapshotSlots.Slot::snapshot);
    }

    /**
     * One snapshot. {@code SNAPSHOT_EXPIRED} names the earliest that can be read; {@code SNAPSHOT_NOT_FOUND} is an id
     * that was never given out.
     */
    public Snapshot snapshot(long id) throws IOException {
        Optional<SnapshotSlots.Slot> slot = Optional.empty();
        if (id >= 1) {
            slot = slots.remembered(id);
            if (slot.isPresent() && id > boundaries.known()) {
                return slot.get().snapshot();
            }
            slot = slots.read(id);
        }
        long boundary = boundaries.newest();
        if (slot.isPresent() && id > boundary) {
            slots.remember(slot.get());
            return slot.get().snapshot();
        }
        long newest = latest().map(Snapshot::id).orElse(0L);
        if (id < 1 || id > newest) {
            throw new StreamhouseException(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    newest == 0
                            ? "snapshot %d of %s does not exist, the table has none yet".formatted(id, table)
                            : "snapshot %d of %s does not exist, the newest is %d".formatted(id, table, newest));
        }
        boundary = boundaries.newest();
        if (id > boundary) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE,
                    "snapshot %d of %s is missing between %d and %d (object=%s)"
                            .formatted(id, table, boundary, newest, SnapshotSlots.path(id)));
        }
        throw expired(id, boundary);
    }

    /** The error of who asks for what lies at or below the boundary. */
    StreamhouseException expired(long id, long boundary) {
        return new StreamhouseException(
                ErrorCode.SNAPSHOT_EXPIRED,
                "snapshot %d of %s has expired, the earliest that can be read is %d"
                        .formatted(id, table, boundary + 1));
    }

    /**
     * For who misses an object of a snapshot that it has held for long: asks the store whether the snapshot has expired.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, naming the earliest that can be read, if that is why
     */
    public void requireReadable(long id) throws IOException {
        long boundary = boundaries.newest();
        if (id <= boundary) {
            throw expired(id, boundary);
        }
    }

    Leases leases() {
        return new Leases(this, components);
    }

    SnapshotExpiry expiry(Leases leases, SnapshotRetention retention, Protections protections) {
        SnapshotSweep sweep = new SnapshotSweep(slots, boundaries, manifests, trees, components.store());
        return new SnapshotExpiry(
                this,
                boundaries,
                stands,
                leases,
                sweep,
                retention,
                components.clock(),
                protections,
                components.marks());
    }

    OrphanCleaner cleaner(Protections protections) {
        return new OrphanCleaner(this, publisher, slots, boundaries, manifests, components, protections);
    }

    /** Id of the earliest snapshot that can be read; empty for a table without commits. */
    public OptionalLong earliestId() throws IOException {
        return latest().isPresent() ? OptionalLong.of(boundaries.known() + 1) : OptionalLong.empty();
    }

    /** The earliest snapshot that can be read as far as this chain has seen, without asking the store. */
    public long knownEarliestId() {
        return boundaries.known() + 1;
    }

    /** The newest snapshot whose commit time is at or before the time; empty if all that can be read are younger. */
    public Optional<Snapshot> atOrBefore(long timeMillis) throws IOException {
        Optional<Snapshot> head = latest();
        if (head.isEmpty() || head.get().timeMillis() <= timeMillis) {
            return head;
        }
        // Commit times never fall, so the ids can be halved.
        long low = boundaries.known();
        long high = head.get().id();
        Optional<Snapshot> found = Optional.empty();
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            Snapshot snapshot = snapshot(middle);
            if (snapshot.timeMillis() <= timeMillis) {
                low = middle;
                found = Optional.of(snapshot);
            } else {
                high = middle;
            }
        }
        return found;
    }

    /** Snapshots that can be read with ids from {@code from} to {@code to}, both inclusive, ascending. */
    public List<Snapshot> list(long from, long to) throws IOException {
        Optional<Snapshot> head = latest();
        List<Snapshot> out = new ArrayList<>();
        if (head.isPresent()) {
            long last = Math.min(to, head.get().id());
            for (long id = Math.max(from, boundaries.known() + 1); id <= last; id++) {
                out.add(snapshot(id));
            }
        }
        return out;
    }

    /** All files and masks of a snapshot. */
    public TableTree tree(Snapshot snapshot) throws IOException {
        return trees.read(snapshot, 0);
    }

    /**
     * What {@code head} has beyond snapshot {@code since}; see {@link TableTree}. The whole tree (with {@code since} 0) if
     * files have left the tree or were renewed after {@code since}. Works when {@code since} itself has expired.
     */
    public TableTree treeSince(Snapshot head, long since) throws IOException {
        boolean onlyGrew = head.tree().lastRemovalIn() <= since;
        return trees.read(head, onlyGrew ? Math.max(0, since) : 0);
    }

    /** The positions that the snapshot's own commit masked, if any; not to be asked of a ROLLBACK. */
    public Optional<MaskSegment> ownMasks(Snapshot snapshot) throws IOException {
        return trees.ownMasks(snapshot);
    }

    /** Ids of all files of a snapshot. */
    public Set<UUID> files(Snapshot snapshot) throws IOException {
        return trees.liveFiles(snapshot);
    }

    /** Whether a delta may be published on this very head. What ends a commit outlasts a loss of power. */
    public CommitVerdict verdict(Optional<Snapshot> head, DeltaIdentity identity) throws IOException {
        return publisher.verdict(head, identity);
    }

    /** The answer of who has found its work in the tree of a head, whoever has put that: it outlasts a loss of power. */
    public CommitOutcome alreadyCommitted(Optional<Snapshot> head) throws IOException {
        return publisher.alreadyCommitted(head);
    }

    /**
     * Publishes a draft as the snapshot after {@code head}, if the head still is the newest and the draft's identity may
     * commit on it. An {@link IOException} leaves the outcome unknown: publish again, the commit map then knows.
     */
    public CommitOutcome publish(Optional<Snapshot> head, SnapshotDraft draft) throws IOException {
        return publisher.publish(head, draft);
    }

    /**
     * The refusal of files that cleaning may have taken, as {@link #publish} would give it: for who has to read them before.
     *
     * @param base the newest snapshot when the first of them was written, or an earlier one; 0 if that is not known
     */
    public Optional<CommitOutcome> refuseTaken(Optional<Snapshot> head, long base, List<DataFile> files)
            throws IOException {
        return publisher.refuseTaken(
                head, base, files.stream().map(f -> f.object().path()).toList());
    }

    /**
     * Takes over a commit user for a new attempt of a job: publishes a FENCE with the next epoch. Refused as
     * {@code OLDER_SAVEPOINT} if the state does not know the newest delta that the table holds of the user, or knows
     * deltas of a user that the table does not know.
     */
    public FenceOutcome fence(RestoredState state, OlderSavepoint policy) throws IOException {
        return publisher.fence(state, policy);
    }

    /**
     * Whether a snapshot that can still be read has published this very delta. For deltas older than what a commit map
     * keeps: it reads one object a snapshot, from the newest back. False proves nothing once snapshots have expired, what
     * is found outlasts a loss of power.
     */
    public boolean hasPublished(DeltaIdentity identity) throws IOException {
        Optional<Snapshot> head = latest();
        for (long id = head.map(Snapshot::id).orElse(0L); id > boundaries.known(); id--) {
            Optional<UserState> user = snapshot(id).commits().user(identity.user());
            if (user.isPresent() && user.get().lastDeltas().contains(identity.delta())) {
                components.store().makeLasting(SnapshotSlots.DIRECTORY);
                return true;
            }
        }
        return false;
    }

    /** Merging of metadata beside the commits that go through this chain. */
    public MetadataMerges merges() {
        return merges;
    }

    /** What this chain has published since it was opened. */
    public PublishStats stats() {
        return publisher.stats();
    }
}
