package io.streamhouse.catalog;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.ScopedObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A table whose files stand in the store, and random commits that name objects in every way there is. */
final class ExpiryWorld {
    static final Map<String, String> FEW = Map.of(
            "snapshot.time-retained", "10 s", "snapshot.num-retained.min", "3", "snapshot.num-retained.max", "12");
    static final String ROOT = "shop.db/orders";
    private static final int ROWS = 100;

    final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    final ObjectStore warehouse;
    final ObjectStore root;
    final Table table;
    final SnapshotChain chain;
    private final Components components;
    private final RandomGenerator random;
    private final SeededIds ids;
    private final Map<SnapshotKind, Integer> kinds = new TreeMap<>();

    ExpiryWorld(long seed, Map<String, String> options) throws Exception {
        this.random = Seeds.random(seed);
        this.ids = new SeededIds(Seeds.derive(seed, 1));
        this.warehouse = ObjectStores.memory(clock);
        this.root = new ScopedObjectStore(warehouse, ROOT);
        this.components = TestWorld.components(warehouse, seed, clock);
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(TestWorld.ORDERS.database(), true);
        this.table = catalog.createTable(TestWorld.ORDERS, TestWorld.schema(options));
        this.chain = table.snapshots();
    }

    /** Another process's look at the table. */
    Table open(ObjectStore connection) throws IOException {
        return TestWorld.openTable(components.withStore(connection));
    }

    /** Another process's chain, whose protections are not all there. */
    SnapshotChain chain(Protections protections) throws Exception {
        return TestWorld.chain(components.withStore(warehouse), protections);
    }

    int commits(SnapshotKind kind) {
        return kinds.getOrDefault(kind, 0);
    }

    /** Commits something a second later. */
    void commit() throws IOException {
        clock.advance(Duration.ofSeconds(1));
        Optional<Snapshot> head = chain.latest();
        double chance = random.nextDouble();
        if (head.isPresent() && chance < 0.08) {
            rollBack(head.get());
            return;
        }
        List<FileEntry> live =
                head.isEmpty() ? List.of() : chain.tree(head.get()).entries();
        publish(head, chance < 0.35 && live.size() > 6 ? compaction(live) : append(live));
    }

    void commit(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            commit();
        }
    }

    private void publish(Optional<Snapshot> head, SnapshotDraft draft) throws IOException {
        if (!(chain.publish(head, draft) instanceof CommitOutcome.Committed)) {
            throw new IllegalStateException("nobody else commits");
        }
        kinds.merge(draft.kind(), 1, Integer::sum);
    }

    private DataFile file() throws IOException {
        DataFile file = TestWorld.file(ids.next(), ROWS, random.nextInt(10, 60));
        root.put(file.object().path(), new byte[] {1});
        return file;
    }

    private SnapshotDraft append(List<FileEntry> live) throws IOException {
        List<DataFile> added = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            added.add(file());
        }
        List<FileMask> masks = new ArrayList<>();
        for (FileEntry entry : live) {
            if (random.nextInt(6) == 0) {
                masks.add(new FileMask(entry.file().object().id(), new int[] {random.nextInt(ROWS)}));
            }
        }
        SnapshotDraft draft = TestWorld.append(TestWorld.batch(ids.next()), added, masks);
        if (random.nextInt(12) == 0) {
            int[] many = new int[30_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = 3 * i + random.nextInt(3);
            }
            draft = TestWorld.append(
                    TestWorld.batch(ids.next()),
                    added,
                    List.of(new FileMask(added.get(0).object().id(), many)));
        }
        return switch (random.nextInt(6)) {
            case 0 -> TestWorld.withDeletes(draft, List.of(new BlockRef.Inline(new byte[20_000])));
            case 1 ->
                TestWorld.withDeletes(draft, List.of(in(added.get(0).object().path())));
            case 2 -> {
                // a writer that had nothing but deletes: a file with zero rows, which is in no tree
                String path = "data/" + ids.next() + ".parquet";
                root.put(path, new byte[] {2});
                yield TestWorld.withDeletes(draft, List.of(in(path)));
            }
            default -> draft;
        };
    }

    private static BlockRef in(String path) {
        return new BlockRef.Stored(path, 0, 1, 7);
    }

    private SnapshotDraft compaction(List<FileEntry> live) throws IOException {
        List<FileEntry> rest = new ArrayList<>(live);
        Set<UUID> removed = new HashSet<>();
        for (int i = random.nextInt(2, 7); i > 0; i--) {
            removed.add(rest.remove(random.nextInt(rest.size())).file().object().id());
        }
        DataFile output = file();
        String map = output.object().path();
        if (random.nextBoolean()) {
            map = "mask/" + ids.next();
            root.put(map, new byte[] {3});
        }
        SnapshotDraft draft = TestWorld.compact(List.of(output), removed, List.of());
        return change(draft, new CommitChange(DeltaCounts.ZERO, List.of(), 0, 0, Optional.of(in(map))));
    }

    private static SnapshotDraft change(SnapshotDraft d, CommitChange change) {
        return new SnapshotDraft(
                d.kind(),
                d.identity(),
                d.schemaId(),
                d.base(),
                d.added(),
                d.removed(),
                d.masks(),
                change,
                d.rowCountDelta(),
                d.digestDelta(),
                d.watermark(),
                d.properties(),
                d.restored());
    }

    private void rollBack(Snapshot head) throws IOException {
        long earliest = chain.earliestId().orElseThrow();
        rollBack(head, random.nextLong(earliest, head.id() + 1));
    }

    void rollBack(Snapshot head, long to) throws IOException {
        try (LeaseHandle lease = table.leases().take(to, Duration.ofMinutes(5), "rollback")) {
            Snapshot target = chain.snapshot(to);
            Set<UUID> renewed = new HashSet<>();
            for (FileEntry entry : chain.tree(target).entries()) {
                if (random.nextInt(4) == 0) {
                    renewed.add(entry.file().object().id());
                }
            }
            DeltaIdentity identity = TestWorld.batch(ids.next());
            lease.renew(to);
            publish(Optional.of(head), TestWorld.rollback(target, renewed, identity));
        }
    }

    /** Runs both steps until nothing is left to do. */
    ExpiryReport settle(SnapshotExpiry expiry) throws IOException {
        ExpiryReport sum = ExpiryReport.NOTHING;
        for (int idle = 0; idle < 2; ) {
            ExpiryReport report = expiry.run();
            sum = sum.plus(report);
            idle = report.isIdle() ? idle + 1 : 0;
            clock.advance(SnapshotExpiry.GRACE.plusMillis(1));
        }
        return sum;
    }

    /** Everything that a snapshot names, found the slow way. */
    Set<String> named(SnapshotChain reader, long from) throws IOException {
        Set<String> out = new TreeSet<>();
        for (long id = from; id <= reader.latest().orElseThrow().id(); id++) {
            Snapshot s = reader.snapshot(id);
            out.add(SnapshotSlots.path(id));
            s.tree().manifests().stream().map(ManifestRef::path).forEach(out::add);
            s.tree().segments().stream().map(SegmentRef::block).forEach(b -> addPath(b, out));
            s.change().deletes().forEach(b -> addPath(b, out));
            s.change().positionMap().ifPresent(b -> addPath(b, out));
            reader.tree(s).entries().forEach(e -> out.add(e.file().object().path()));
        }
        return out;
    }

    private static void addPath(BlockRef block, Set<String> out) {
        if (block instanceof BlockRef.Stored stored) {
            out.add(stored.path());
        }
    }

    /** Objects that stand in the store, metadata that is no snapshot's left out. */
    static Set<String> standing(ObjectStore root) throws IOException {
        Set<String> out = new TreeSet<>();
        for (String directory : List.of("data", "mask", "manifest", "snapshot")) {
            root.list(directory).stream()
                    .map(ObjectInfo::path)
                    .filter(p -> !p.equals(SnapshotHint.PATH))
                    .forEach(out::add);
        }
        return out;
    }
}
