package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Orphans go, and nothing else; whatever is not clear stops everything. */
class OrphanCleanerTest {
    private static final Duration WEEK = OrphanCleaner.DEFAULT_AGE;
    private static final UUID ORPHAN = new UUID(77, 77);
    private static final String ORPHAN_FILE = "data/" + ORPHAN + ".parquet";

    /** A table with merged metadata, compactions, rollbacks and expired snapshots. */
    private static ExpiryWorld world() throws Exception {
        ExpiryWorld world = new ExpiryWorld(5, ExpiryWorld.FEW);
        world.commit(60);
        world.settle(world.table.expiry());
        world.commit(3);
        return world;
    }

    /** Days pass, and then a commit says that they have. */
    private static void daysPass(ExpiryWorld world, int days) throws Exception {
        world.clock.advance(Duration.ofDays(days));
        world.commit();
    }

    private static Set<String> all(ObjectStore store) throws IOException {
        Set<String> out = new TreeSet<>();
        store.list("").stream().map(ObjectInfo::path).forEach(out::add);
        store.listTemporary("").stream().map(ObjectInfo::path).forEach(out::add);
        return out;
    }

    private static CleaningReport clean(ExpiryWorld world) throws IOException {
        return OrphanCleaner.of(world.table).run(WEEK, false);
    }

    @Test
    void orphansOfEveryKindGoAndWhatIsNamedStays() throws Exception {
        ExpiryWorld world = world();
        Set<String> orphans = new TreeSet<>(List.of(
                ORPHAN_FILE,
                "data/" + ORPHAN + ".orc",
                "manifest/" + ORPHAN + ".parquet",
                "mask/" + ORPHAN,
                "probe/" + ORPHAN,
                "probe/" + ORPHAN + "/twice",
                "probe/" + ORPHAN + "/race-1",
                "data/.tmp-1-2-3",
                "snapshot/.tmp-4-5-6",
                SnapshotSlots.path(2)));
        Set<String> foreign = Set.of("data/notes.txt", "dv/" + ORPHAN + ".puffin", "README", "manifest/" + ORPHAN);
        for (String path : orphans) {
            world.root.put(path, new byte[] {9});
        }
        for (String path : foreign) {
            world.root.put(path, new byte[] {9});
        }
        try (LeaseHandle lease =
                world.table.leases().take(world.chain.latest().orElseThrow().id(), WEEK, "given back")) {
            lease.renew(lease.oldestSnapshot());
        }
        Set<String> leases = new TreeSet<>();
        world.root.list("consumers").forEach(o -> leases.add(o.path()));
        assertFalse(leases.isEmpty());
        orphans.addAll(leases);
        daysPass(world, 8);
        Set<String> before = all(world.root);

        CleaningReport planned = OrphanCleaner.of(world.table).run(WEEK, true);
        assertEquals(before, all(world.root), "a plan deletes nothing");
        CleaningReport report = clean(world);
        assertEquals(planned, report);

        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(all(world.root));
        assertEquals(orphans, gone);
        assertEquals(orphans.size(), report.objects());
        assertEquals(
                List.of(OrphanKind.values()),
                report.groups().stream().map(CleaningReport.Group::kind).toList());
        assertTrue(all(world.root).containsAll(world.named(world.chain, world.chain.knownEarliestId())));
        assertEquals(0, clean(world).objects());
    }

    @Test
    void whatIsYoungStays() throws Exception {
        ExpiryWorld world = world();
        world.root.put(ORPHAN_FILE, new byte[] {9});
        daysPass(world, 6);
        CleaningReport report = clean(world);
        assertEquals(0, report.objects());
        assertEquals(1, report.young());
        assertThrows(
                StreamhouseException.class, () -> OrphanCleaner.of(world.table).run(Duration.ofHours(23), false));
        assertEquals(1, world.root.size(ORPHAN_FILE));

        Protections heedless = Protections.without(Protection.CLEANING_HEEDS_AGE);
        OrphanCleaner.of(world.table, heedless).run(WEEK, false);
        assertEquals(-1, world.root.size(ORPHAN_FILE), "planted: the age is not asked for");
    }

    @Test
    void aClockThatIsAheadMakesNothingOld() throws Exception {
        ExpiryWorld world = world();
        world.root.put(ORPHAN_FILE, new byte[] {9});
        world.clock.advance(Duration.ofDays(400));
        assertEquals(0, clean(world).objects(), "no commit has seen that time");
    }

    /** What a statement has written and not published is younger than the snapshot that it holds. */
    @Test
    void whatCameAfterALeasedSnapshotStays() throws Exception {
        for (boolean heedsLeases : List.of(true, false)) {
            ExpiryWorld world = world();
            LeaseHandle lease =
                    world.table.leases().take(world.chain.latest().orElseThrow().id(), Duration.ofDays(7), "UPDATE");
            world.clock.advance(Duration.ofHours(1));
            world.root.put(ORPHAN_FILE, new byte[] {9});
            for (int day = 0; day < 10; day++) {
                daysPass(world, 1);
                lease.renewIfDue(lease.oldestSnapshot());
            }
            OrphanCleaner.of(
                            world.table,
                            heedsLeases ? Protections.ALL : Protections.without(Protection.CLEANING_HEEDS_LEASES))
                    .run(WEEK, false);
            assertEquals(heedsLeases ? 1 : -1, world.root.size(ORPHAN_FILE));
            lease.close();
            clean(world);
            assertEquals(-1, world.root.size(ORPHAN_FILE), "the lease was given back");
        }
    }

    /** Metadata that cannot be read, one kind after the other, and what the refusal names. */
    private interface Damage {
        String to(ExpiryWorld world) throws Exception;
    }

    private static final Map<String, Damage> DAMAGES = Map.of(
            "a manifest is missing",
            world -> {
                String path = world.chain
                        .latest()
                        .orElseThrow()
                        .tree()
                        .manifests()
                        .get(0)
                        .path();
                world.root.delete(path);
                return path;
            },
            "a manifest is damaged",
            world -> {
                String path = world.chain
                        .latest()
                        .orElseThrow()
                        .tree()
                        .manifests()
                        .get(0)
                        .path();
                byte[] bytes = world.root.read(path);
                bytes[bytes.length / 2] ^= 1;
                world.root.put(path, bytes);
                return path;
            },
            "a snapshot is missing in the middle",
            world -> {
                String path =
                        SnapshotSlots.path(world.chain.latest().orElseThrow().id() - 2);
                world.root.delete(path);
                return path;
            },
            "a snapshot is damaged",
            world -> {
                String path =
                        SnapshotSlots.path(world.chain.latest().orElseThrow().id() - 1);
                byte[] bytes = world.root.read(path);
                bytes[bytes.length / 2] ^= 1;
                world.root.put(path, bytes);
                return path;
            },
            "a snapshot is another one's",
            world -> {
                long id = world.chain.latest().orElseThrow().id();
                world.root.delete(SnapshotSlots.path(id - 2));
                ExpiryWorld other = new ExpiryWorld(6, ExpiryWorld.FEW);
                other.commit((int) id - 2);
                world.root.put(SnapshotSlots.path(id - 2), other.root.read(SnapshotSlots.path(id - 2)));
                return SnapshotSlots.path(id - 2);
            },
            "snapshots stand behind a hole",
            world -> {
                long id = world.chain.latest().orElseThrow().id();
                world.root.put(SnapshotSlots.path(id + 5), world.root.read(SnapshotSlots.path(id)));
                return SnapshotSlots.path(id + 5);
            },
            "an object is from the future",
            world -> {
                world.clock.advance(Duration.ofDays(1));
                world.root.put("data/" + new UUID(1, 2) + ".parquet", new byte[1]);
                world.clock.advance(Duration.ofDays(-1));
                return new UUID(1, 2).toString();
            },
            "a lease holds what has gone",
            world -> {
                long end = world.clock.millis() + WEEK.toMillis();
                String name = "lease-" + new UUID(3, 4);
                String path = "consumers/" + name + "/1";
                world.root.put(path, LeaseCodec.write(new Lease(1, end, "x"), path));
                return name;
            },
            "a lease is damaged",
            world -> {
                String path = "consumers/lease-" + new UUID(3, 4) + "/1";
                world.root.put(path, new byte[] {1, 2, 3});
                return path;
            });

    @Test
    void whateverCannotBeReadStopsEverything() throws Exception {
        for (Map.Entry<String, Damage> damage : DAMAGES.entrySet()) {
            ExpiryWorld world = world();
            world.root.put(ORPHAN_FILE, new byte[] {9});
            daysPass(world, 8);
            String named = damage.getValue().to(world);
            Set<String> before = all(world.root);
            OrphanCleaner cleaner = OrphanCleaner.of(world.open(world.warehouse));
            StreamhouseException e =
                    assertThrows(StreamhouseException.class, () -> cleaner.run(WEEK, false), damage.getKey());
            assertTrue(e.getMessage().contains(named), damage.getKey() + ": " + e.getMessage());
            assertEquals(before, all(world.root), damage.getKey());
        }
    }

    /** An expired table of which sweeping has begun: a manifest has gone, the snapshots that name it still stand. */
    private static final class HalfSwept {
        private final ExpiryWorld world = new ExpiryWorld(7, ExpiryWorld.FEW);
        /** What each snapshot names, and which of it are manifests that only expired ones name. */
        private final Map<Long, Set<String>> named = new TreeMap<>();

        private final Map<Long, Set<String>> manifests = new TreeMap<>();

        HalfSwept() throws Exception {
            for (int i = 0; i < 200; i++) {
                world.commit();
                Snapshot head = world.chain.latest().orElseThrow();
                named.put(head.id(), world.named(world.chain, head.id()));
                Set<String> own = new TreeSet<>();
                head.tree().manifests().forEach(ref -> own.add(ref.path()));
                manifests.put(head.id(), own);
            }
            world.table.expiry().run();
            long expired = world.table.expiry().boundary().expiredThrough();
            assertTrue(expired > 20, "expired through " + expired);
            manifests.forEach((id, own) -> {
                if (id > expired) {
                    manifests.values().stream().filter(other -> other != own).forEach(other -> other.removeAll(own));
                }
            });
            manifests.keySet().removeIf(id -> id > expired);
            daysPass(world, 8);
        }
    }

    /** Expired manifests that stand beside others in a snapshot, each with those others. */
    private static Map<String, Set<String>> neighbours() throws Exception {
        Map<String, Set<String>> out = new TreeMap<>();
        for (Set<String> own : new HalfSwept().manifests.values()) {
            for (String path : own.size() > 1 ? own : Set.<String>of()) {
                out.computeIfAbsent(path, p -> new TreeSet<>()).addAll(own);
                out.get(path).remove(path);
            }
        }
        assertTrue(out.size() > 1, out::toString);
        return out;
    }

    @Test
    void aManifestThatHasGoneHidesNoOtherOfItsSnapshot() throws Exception {
        for (String gone : neighbours().keySet()) {
            HalfSwept swept = new HalfSwept();
            swept.world.root.delete(gone);
            OrphanCleaner.of(swept.world.open(swept.world.warehouse)).run(WEEK, false);
            Set<String> stands = all(swept.world.root);
            swept.named.forEach((id, names) -> {
                if (!names.contains(gone)) {
                    Set<String> lost = new TreeSet<>(names);
                    lost.removeAll(stands);
                    assertEquals(Set.of(), lost, () -> "without " + gone + " snapshot " + id + " lost");
                }
            });
        }
    }

    @Test
    void aDamagedManifestBesideOneThatHasGoneStopsEverything() throws Exception {
        for (Map.Entry<String, Set<String>> gone : neighbours().entrySet()) {
            for (String damaged : gone.getValue()) {
                ExpiryWorld world = new HalfSwept().world;
                world.root.delete(gone.getKey());
                byte[] bytes = world.root.read(damaged);
                bytes[bytes.length / 2] ^= 1;
                world.root.put(damaged, bytes);
                Set<String> before = all(world.root);
                OrphanCleaner cleaner = OrphanCleaner.of(world.open(world.warehouse));
                StreamhouseException e = assertThrows(StreamhouseException.class, () -> cleaner.run(WEEK, false));
                assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
                assertTrue(e.getMessage().contains(damaged), e.getMessage());
                assertEquals(before, all(world.root));
            }
        }
    }

    /** Reads of one object fail. */
    private static final class Unreadable extends ForwardingObjectStore {
        private final String path;

        Unreadable(ObjectStore store, String path) {
            super(store);
            this.path = ExpiryWorld.ROOT + "/" + path;
        }

        @Override
        public byte[] read(String wanted, long offset, int length) throws IOException {
            if (wanted.equals(path)) {
                throw new IOException("no answer");
            }
            return super.read(wanted, offset, length);
        }
    }

    @Test
    void aReadWithoutAnswerStopsEverything() throws Exception {
        ExpiryWorld world = world();
        daysPass(world, 8);
        String manifest =
                world.chain.latest().orElseThrow().tree().manifests().get(0).path();
        ObjectStore failing = new Unreadable(world.warehouse, manifest);
        Set<String> before = all(world.root);
        assertThrows(
                IOException.class, () -> OrphanCleaner.of(world.open(failing)).run(WEEK, false));
        assertEquals(before, all(world.root));

        Protections heedless = Protections.without(Protection.CLEANING_FAILS_CLOSED);
        daysPass(world, 8);
        OrphanCleaner.of(world.open(failing), heedless).run(WEEK, false);
        assertFalse(
                all(world.root).containsAll(world.named(world.chain, world.chain.knownEarliestId())),
                "planted: it goes on without the manifest, and takes files of the table");
    }

    /** Something happens right after the table's files were listed. */
    private static final class AfterListing extends ForwardingObjectStore {
        private Event event;

        private interface Event {
            void happen() throws IOException;
        }

        AfterListing(ObjectStore store, Event event) {
            super(store);
            this.event = event;
        }

        @Override
        public List<ObjectInfo> list(String directory) throws IOException {
            List<ObjectInfo> found = super.list(directory);
            if (directory.endsWith("/snapshot") && event != null) {
                Event now = event;
                event = null;
                now.happen();
            }
            return found;
        }
    }

    @Test
    void whatIsPublishedMeanwhileStays() throws Exception {
        for (boolean looksAgain : List.of(true, false)) {
            ExpiryWorld world = world();
            world.root.put(ORPHAN_FILE, new byte[] {9});
            daysPass(world, 8);
            DataFile file = TestWorld.file(ORPHAN, 1, 1);
            AfterListing store = new AfterListing(
                    world.warehouse,
                    () -> assertInstanceOf(
                            CommitOutcome.Committed.class,
                            world.chain.publish(
                                    world.chain.latest(),
                                    TestWorld.append(TestWorld.batch(ORPHAN), List.of(file), List.of()))));
            OrphanCleaner.of(
                            world.open(store),
                            looksAgain
                                    ? Protections.ALL
                                    : Protections.without(
                                            Protection.CLEANING_LOOKS_AGAIN, Protection.CLEANING_IS_ANNOUNCED))
                    .run(WEEK, false);
            assertEquals(looksAgain ? 1 : -1, world.root.size(ORPHAN_FILE));
        }
    }

    /** What waits for its commit is published as long as no cleaner would take it, and asked for only if one might. */
    @Test
    void aCommitOfFilesThatWereCleanedAwayIsRefused() throws Exception {
        ExpiryWorld world = world();
        long base = world.chain.latest().orElseThrow().id();
        UUID kept = new UUID(5, 5);
        for (UUID id : List.of(ORPHAN, kept)) {
            world.root.put("data/" + id + ".parquet", new byte[] {9});
        }
        daysPass(world, 6);
        clean(world);
        assertInstanceOf(CommitOutcome.Committed.class, publish(world.chain, kept, base));
        daysPass(world, 2);
        clean(world);
        for (SnapshotChain chain :
                List.of(world.chain, world.open(world.warehouse).snapshots())) {
            for (long old : List.of(base, 0L)) {
                CommitOutcome.Refused refused =
                        assertInstanceOf(CommitOutcome.Refused.class, publish(chain, ORPHAN, old));
                assertEquals(ErrorCode.MISSING_FILE, refused.code());
                assertTrue(refused.message().contains(ORPHAN_FILE), refused.message());
            }
        }
        long young = world.chain.latest().orElseThrow().id();
        assertInstanceOf(CommitOutcome.Committed.class, publish(world.chain, ORPHAN, young), "asks nobody");
    }

    private static CommitOutcome publish(SnapshotChain chain, UUID file, long base) throws IOException {
        SnapshotDraft draft = TestWorld.append(TestWorld.batch(file), List.of(TestWorld.file(file, 1, 1)), List.of());
        return chain.publish(chain.latest(), TestWorld.writtenAt(draft, base));
    }

    /** A job merges metadata and then has nothing to commit for days. */
    @Test
    void mergedMetadataThatWasCleanedAwayIsNotTakenIn() throws Exception {
        int cleaned = 0;
        for (int commits = 20; commits < 80 && cleaned < 3; commits++) {
            ExpiryWorld world = new ExpiryWorld(commits, Map.of());
            world.commit(commits);
            Snapshot head = world.chain.latest().orElseThrow();
            if (!world.chain.merges().isDue(head)) {
                continue;
            }
            Set<String> before = all(world.root);
            world.chain.merges().run(head);
            List<String> merged = new ArrayList<>(all(world.root));
            merged.removeAll(before);
            // somebody else's commits let the time be known, and touch nothing that was merged
            world.clock.advance(Duration.ofDays(9));
            SnapshotChain other = world.open(world.warehouse).snapshots();
            other.fence(RestoredState.none("somebody"), OlderSavepoint.REFUSE);
            cleaned += (int) clean(world).objects();
            world.commit();
            assertTrue(all(world.root).containsAll(world.named(world.chain, 1)), "after " + commits + " commits");
        }
        assertTrue(cleaned > 0, "some were cleaned away");
    }
}
