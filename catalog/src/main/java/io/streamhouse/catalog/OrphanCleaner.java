package io.streamhouse.catalog;

import io.streamhouse.catalog.expiry.Horizon;
import io.streamhouse.catalog.expiry.NamedObjects;
import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.DurationText;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes what no snapshot names and none will: files of writers that died, results that were never published, unfinished
 * objects, ended leases. Expiry deletes what snapshots have named; this deletes the rest. Any number of processes may run
 * it beside all work on the table. One thread.
 *
 * <p>Kept is whatever a standing record of the chain names, expired or not, what is younger than the minimum age, and what
 * came after a snapshot that a valid lease names: its holder may have written it and not published it yet. Age is counted to
 * the earlier of the clock and the newest commit, so a clock that is ahead makes nothing old, and a table without commits
 * loses nothing. Objects under other names than this format gives are somebody else's.
 *
 * <p>Before it deletes the first object it publishes what it may take ({@link Snapshot#cleaned}), as a snapshot that changes
 * nothing else: whoever publishes after that looks whether its files are old enough to be taken, and is refused then. So
 * nothing that was acknowledged is ever lost, however long a committer was stalled, and however old its files are.
 *
 * <p>It fails closed: metadata that is missing or cannot be read, a hole in the chain, an object from the future, a lease of
 * a snapshot that has gone end the run with an error that says which, before anything is deleted. Boundary, leases and newest
 * snapshot are read again right before the deletes.
 *
 * @see "spec/commit.md, section Cleaning"
 */
public final class OrphanCleaner {
    /** Age that an orphan has unless the caller says otherwise: a retained checkpoint may name younger ones. */
    public static final Duration DEFAULT_AGE = Duration.ofDays(7);
    /** Least age for {@link #run}: what is younger may well be published yet, and would be refused. */
    public static final Duration LEAST_AGE = Duration.ofDays(1);

    /** How far the clocks of store, committers and cleaner may differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);
    /** Objects deleted between two looks at the newest snapshot. */
    private static final int BATCH = 1_000;

    /** Lost races for the snapshot that announces a run. */
    private static final int MAX_TRIES = 1_000;

    private static final int SHOWN = 3;

    private final Publisher publisher;
    private final SnapshotSlots slots;
    private final BoundaryChain boundaries;
    private final SnapshotChain chain;
    private final Manifests manifests;
    private final Components components;
    private final Leases leases;
    private final Protections protections;

    OrphanCleaner(
            SnapshotChain chain,
            Publisher publisher,
            SnapshotSlots slots,
            BoundaryChain boundaries,
            Manifests manifests,
            Components components,
            Protections protections) {
        this.chain = chain;
        this.publisher = publisher;
        this.slots = slots;
        this.boundaries = boundaries;
        this.manifests = manifests;
        this.components = components;
        this.leases = new Leases(chain, components);
        this.protections = protections;
    }

    /** The cleaner of a table. */
    public static OrphanCleaner of(Table table) {
        return of(table, Protections.ALL);
    }

    /** The same with parts of its care left out, for tests that show what they are worth. */
    public static OrphanCleaner of(Table table, Protections protections) {
        return table.snapshots().cleaner(protections);
    }

    /**
     * Deletes orphans.
     *
     * @param olderThan least age of what goes, {@link #LEAST_AGE} or more
     * @param dryRun only says what would go
     * @throws StreamhouseException {@code BAD_OPTION_VALUE} for a shorter age; {@code MISSING_FILE}, {@code CORRUPT_FILE} or
     *     {@code COMMIT_REFUSED} naming the object that stands in the way: nothing was deleted
     */
    public CleaningReport run(Duration olderThan, boolean dryRun) throws IOException {
        if (olderThan.compareTo(LEAST_AGE) < 0) {
            throw new StreamhouseException(
                    ErrorCode.BAD_OPTION_VALUE,
                    "orphans younger than %s may belong to a commit under way, '%s' is less"
                            .formatted(DurationText.print(LEAST_AGE), DurationText.print(olderThan)));
        }
        return runAtAnyAge(olderThan, dryRun);
    }

    /** As {@link #run}, for who would rather have commits of files that are older than this refused than wait. */
    public CleaningReport runAtAnyAge(Duration olderThan, boolean dryRun) throws IOException {
        // In this order: whatever is named by a snapshot that is not in the look was listed before it was published.
        Look look = new Look(olderThan);
        Optional<Snapshot> head = chain.latest();
        if (head.isEmpty()) {
            return new CleaningReport(List.of(), 0, 0);
        }
        Map<OrphanKind, List<ObjectInfo>> listed = listed();
        long now = components.clock().millis();
        refuseTheFuture(listed, now);
        look.at(head.get(), now);
        look.readAll(listed.get(OrphanKind.SNAPSHOT));
        Map<OrphanKind, List<ObjectInfo>> orphans = look.orphans(listed);
        if (!dryRun) {
            if (protections.has(Protection.CLEANING_IS_ANNOUNCED)
                    && orphans.keySet().stream()
                            .anyMatch(k -> k.isPublished() && !orphans.get(k).isEmpty())) {
                announce(look);
            }
            delete(orphans, look);
        }
        return report(orphans, look);
    }

    private Map<OrphanKind, List<ObjectInfo>> listed() throws IOException {
        ObjectStore store = components.store();
        Map<OrphanKind, List<ObjectInfo>> out = new EnumMap<>(OrphanKind.class);
        for (OrphanKind kind : OrphanKind.values()) {
            List<ObjectInfo> objects = kind == OrphanKind.TEMPORARY
                    ? store.listTemporary(kind.directory())
                    : store.list(kind.directory()).stream()
                            .filter(o -> kind == OrphanKind.LEASE || kind.matches(o.path()))
                            .toList();
            out.put(kind, objects);
        }
        return out;
    }

    private void refuseTheFuture(Map<OrphanKind, List<ObjectInfo>> listed, long now) {
        for (List<ObjectInfo> objects : listed.values()) {
            for (ObjectInfo object : objects) {
                if (object.modifiedMillis() > now + TOLERANCE.toMillis()) {
                    throw refusal("%s was changed at %s by the store's clock, it is %s by this process'"
                            .formatted(
                                    object.path(),
                                    Instant.ofEpochMilli(object.modifiedMillis()),
                                    Instant.ofEpochMilli(now)));
                }
            }
        }
    }

    private StreamhouseException refusal(String why) {
        return new StreamhouseException(
                ErrorCode.COMMIT_REFUSED,
                "%s of %s; nothing was deleted"
                        .formatted(why, components.store().uri()));
    }

    /** From here on a commit of what may be taken is refused, or came before and is heeded. */
    private void announce(Look look) throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            look.again();
            Snapshot head = look.head.snapshot();
            Cleaned taken = look.mayTake();
            boolean isAnnounced = head.cleaned().covers(taken);
            if (isAnnounced) {
                components.store().makeLasting(SnapshotSlots.DIRECTORY); // it may be another cleaner's, without answer
            }
            if (isAnnounced || publisher.announce(head, taken).isPresent()) {
                look.limitMillis = taken.changedBefore();
                return;
            }
        }
        throw refusal("%d races for a snapshot were lost".formatted(MAX_TRIES));
    }

    private void delete(Map<OrphanKind, List<ObjectInfo>> orphans, Look look) throws IOException {
        int sinceLook = BATCH;
        for (Map.Entry<OrphanKind, List<ObjectInfo>> kind : orphans.entrySet()) {
            List<ObjectInfo> deleted = new ArrayList<>();
            for (ObjectInfo object : kind.getValue()) {
                if (sinceLook++ >= BATCH && protections.has(Protection.CLEANING_LOOKS_AGAIN)) {
                    look.again();
                    sinceLook = 1;
                }
                if (kind.getKey() == OrphanKind.LEASE || look.isOrphan(object)) {
                    components.store().delete(object.path());
                    deleted.add(object);
                }
            }
            kind.setValue(deleted);
        }
        leases.removeEmptyDirectories();
    }

    private static CleaningReport report(Map<OrphanKind, List<ObjectInfo>> orphans, Look look) {
        List<CleaningReport.Group> groups = new ArrayList<>();
        orphans.forEach((kind, objects) -> {
            if (!objects.isEmpty()) {
                groups.add(new CleaningReport.Group(
                        kind,
                        objects.size(),
                        objects.stream().mapToLong(ObjectInfo::sizeBytes).sum(),
                        objects.stream().limit(SHOWN).map(ObjectInfo::path).toList()));
            }
        });
        return new CleaningReport(groups, look.young, look.beforeMillis);
    }

    /** What one run knows of the table. */
    private final class Look {
        private final Duration olderThan;
        private final NamedObjects named = new NamedObjects(manifests);
        private List<Leases.Chain> held = List.of();
        private SnapshotSlots.Slot head;
        private long nowMillis;
        private List<ObjectInfo> records = List.of();
        private long lowest;
        private long beforeMillis;
        /** What was announced; a lease that has ended since lets nothing younger go. */
        private long limitMillis = Long.MAX_VALUE;

        private long young;

        Look(Duration olderThan) {
            this.olderThan = olderThan;
        }

        void at(Snapshot newest, long now) throws IOException {
            nowMillis = Horizon.trustedMillis(newest, now);
            head = slots.read(newest.id())
                    .orElseThrow(() -> refusal("snapshot %d went while it was read".formatted(newest.id())));
        }

        /** Reads the whole chain, newest first, down to where expiry has deleted it. */
        void readAll(List<ObjectInfo> records) throws IOException {
            this.records = records;
            add(head.snapshot());
            SnapshotSlots.Slot child = head;
            while (child.id() > 1) {
                Optional<SnapshotSlots.Slot> slot = parent(child);
                if (slot.isEmpty()) {
                    break;
                }
                add(slot.get().snapshot());
                child = slot.get();
            }
            lowest = child.id();
            readLeases();
            if (!protections.has(Protection.CLEANING_LOOKS_AGAIN)) {
                return;
            }
            again();
            for (ObjectInfo record : records) {
                if (SnapshotSlots.idOf(record.path()) > head.id()) {
                    throw refusal("%s stands above the newest snapshot %d: the chain has a hole"
                            .formatted(record.path(), head.id()));
                }
            }
        }

        /** The parent in the chain; empty if expiry has deleted it, whatever a stalled publisher has put there since. */
        private Optional<SnapshotSlots.Slot> parent(SnapshotSlots.Slot child) throws IOException {
            long id = child.id() - 1;
            Optional<SnapshotSlots.Slot> slot;
            try {
                slot = slots.read(id);
            } catch (IOException | StreamhouseException e) {
                if (protections.has(Protection.CLEANING_FAILS_CLOSED)) {
                    throw e;
                }
                return Optional.empty();
            }
            if (slot.isPresent()
                    && slot.get().crc() == child.snapshot().header().parentCrc()) {
                return slot;
            }
            if (id > boundaries.newest() && protections.has(Protection.CLEANING_FAILS_CLOSED)) {
                throw new StreamhouseException(
                        slot.isPresent() ? ErrorCode.CORRUPT_FILE : ErrorCode.MISSING_FILE,
                        "%s of %s %s; nothing was deleted"
                                .formatted(
                                        SnapshotSlots.path(id),
                                        components.store().uri(),
                                        slot.isPresent() ? "is not the parent of its successor" : "is missing"));
            }
            return Optional.empty();
        }

        private void add(Snapshot snapshot) throws IOException {
            try {
                named.add(snapshot);
            } catch (IOException | StreamhouseException e) {
                if (!isSwept(snapshot, e) && protections.has(Protection.CLEANING_FAILS_CLOSED)) {
                    throw e;
                }
                named.addObjects(snapshot);
            }
        }

        /** Expiry deletes manifests after what only they name: what else such a snapshot names, others name too. */
        private boolean isSwept(Snapshot snapshot, Exception e) throws IOException {
            return e instanceof StreamhouseException s
                    && s.code() == ErrorCode.MISSING_FILE
                    && snapshot.id() <= boundaries.newest();
        }

        /** Reads what has come since: snapshots, leases. */
        void again() throws IOException {
            Snapshot newest = chain.latest().orElseThrow(() -> refusal("the snapshots went"));
            List<SnapshotSlots.Slot> since = new ArrayList<>();
            SnapshotSlots.Slot at = slots.read(newest.id())
                    .orElseThrow(() -> refusal("snapshot %d went while it was read".formatted(newest.id())));
            SnapshotSlots.Slot later = at;
            while (later.id() > head.id()) {
                since.add(later);
                later = parent(later).orElse(head);
            }
            for (SnapshotSlots.Slot slot : since) {
                add(slot.snapshot());
            }
            head = at.id() > head.id() ? at : head;
            readLeases();
        }

        private void readLeases() throws IOException {
            held = leases.read();
            // by the clocks of all: what is written from now on is younger than the newest record, whatever they say
            long newest =
                    records.stream().mapToLong(ObjectInfo::modifiedMillis).max().orElse(Long.MIN_VALUE);
            long before = Math.min(Math.min(nowMillis, newest) - olderThan.toMillis(), limitMillis);
            for (Leases.Chain lease : held) {
                if (protections.has(Protection.CLEANING_HEEDS_LEASES) && lease.isValid(nowMillis)) {
                    before = Math.min(before, leasedMillis(lease) - TOLERANCE.toMillis());
                }
            }
            beforeMillis = before;
        }

        /** What was written at a snapshot is no older than its record. */
        Cleaned mayTake() {
            long margin = Math.max(TOLERANCE.toMillis(), olderThan.toMillis() / 2);
            long base = head.id() + 1;
            for (int i = records.size() - 1;
                    i >= 0 && SnapshotSlots.idOf(records.get(i).path()) >= lowest;
                    i--) {
                if (records.get(i).modifiedMillis() < beforeMillis + margin) {
                    break;
                }
                base = SnapshotSlots.idOf(records.get(i).path());
            }
            return new Cleaned(Math.max(0, beforeMillis), base);
        }

        private long leasedMillis(Leases.Chain lease) throws IOException {
            long id = lease.newest().oldestSnapshot();
            if (id > head.id()) {
                return Long.MAX_VALUE;
            }
            if (id < lowest) {
                throw refusal("%s holds snapshot %d, which has gone".formatted(lease.name(), id));
            }
            return slots.read(id)
                    .orElseThrow(() -> refusal("snapshot %d went while it was read".formatted(id)))
                    .snapshot()
                    .timeMillis();
        }

        Map<OrphanKind, List<ObjectInfo>> orphans(Map<OrphanKind, List<ObjectInfo>> listed) {
            Set<String> remains = Set.copyOf(Leases.remains(held, nowMillis));
            Map<OrphanKind, List<ObjectInfo>> out = new EnumMap<>(OrphanKind.class);
            listed.forEach((kind, objects) -> {
                List<ObjectInfo> orphans = new ArrayList<>();
                for (ObjectInfo object : objects) {
                    boolean free = kind == OrphanKind.LEASE
                            ? remains.contains(object.path())
                            : kind == OrphanKind.SNAPSHOT ? isStray(object) : !named.contains(object.path());
                    if (free && (kind == OrphanKind.LEASE || isOld(object))) {
                        orphans.add(object);
                    } else if (free) {
                        young++;
                    }
                }
                out.put(kind, orphans);
            });
            return out;
        }

        /** Below what is left of the chain; the chain itself reaches down to the first snapshot that has not been deleted. */
        private boolean isStray(ObjectInfo record) {
            return SnapshotSlots.idOf(record.path()) < lowest;
        }

        private boolean isOld(ObjectInfo object) {
            return object.modifiedMillis() < beforeMillis || !protections.has(Protection.CLEANING_HEEDS_AGE);
        }

        boolean isOrphan(ObjectInfo object) {
            return isOld(object) && !named.contains(object.path());
        }
    }
}
