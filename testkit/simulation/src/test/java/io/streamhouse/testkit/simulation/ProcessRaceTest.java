package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.Racing;
import io.streamhouse.testkit.StoreKind;
import io.streamhouse.testkit.StoreRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that know nothing of each other commit to one table. */
@Timeout(1800)
class ProcessRaceTest {
    @TempDir
    private Path directory;

    @Racing
    void fourProcessesLoseNothing() throws Exception {
        race(StoreKind.LOCAL, 4, 1, 40, 20);
    }

    @Test
    void twoProcessesLoseNothingOnHdfs() throws Exception {
        race(StoreKind.HDFS, 2, 2, 4, 1);
    }

    @Test
    @Tag("full")
    void sixteenProcessesLoseNothing() throws Exception {
        race(StoreKind.LOCAL, 16, 1, 125, 200);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void sixteenWritersInFourProcessesLoseNothing(StoreKind kind) throws Exception {
        race(kind, 4, 4, 200, 200);
    }

    @Test
    void aStoreThatLooksAndThenWritesLosesCommits() throws Exception {
        assertLosesCommits(StoreKind.LOCAL);
    }

    @ParameterizedTest
    @EnumSource(names = {"S3", "HDFS"})
    @Tag("full")
    void aRemoteStoreThatLooksAndThenWritesLosesCommits(StoreKind kind) throws Exception {
        assertLosesCommits(kind);
    }

    private void assertLosesCommits(StoreKind kind) throws Exception {
        int processes = 4;
        StoreRoot root = kind.newRoot(directory);
        run(root, "careless", processes, 1, 25, false);
        NavigableMap<Long, Long> acknowledged = acknowledgements(processes);
        long lost;
        try {
            NavigableMap<List<Object>, VisibleTable.Place> rows = rows(open(root));
            lost = acknowledged.keySet().stream()
                    .filter(k -> !rows.containsKey(List.<Object>of(k)))
                    .count();
        } catch (StreamhouseException e) {
            lost = 1; // a tree that names objects which the loser of a race took back
        }
        System.out.printf(
                "careless store on %s: %d of %d acknowledged commits lost%n", kind, lost, acknowledged.size());
        assertTrue(lost > 0, "the race is no race: a store without put-if-absent lost nothing");
    }

    private void race(StoreKind kind, int processes, int threads, int commits, int leastConflicts) throws Exception {
        StoreRoot root = kind.newRoot(directory);
        long start = System.nanoTime();
        run(root, "careful", processes, threads, commits, true);
        double seconds = (System.nanoTime() - start) / 1e9;
        int writers = processes * threads;
        long rows = (long) writers * commits;
        NavigableMap<Long, Long> acknowledged = acknowledgements(writers);
        Table table = open(root);
        Snapshot head = table.snapshots().latest().orElseThrow();
        List<Snapshot> chain = table.snapshots().list(1, head.id());
        long conflicts = chain.stream().mapToLong(s -> s.change().conflicts()).sum();
        long fences = chain.stream().filter(s -> s.kind() == SnapshotKind.FENCE).count();
        long inOneBucket = commitsIn(table, head, 0);
        System.out.printf(
                "%s, %d processes x %d threads x %d commits: %d snapshots (%d fences), %d acknowledged, %d rows, %d lost races, %d commits on one bucket, %.1f s%n",
                kind,
                processes,
                threads,
                commits,
                head.id(),
                fences,
                acknowledged.size(),
                head.totals().rowCount(),
                conflicts,
                inOneBucket,
                seconds);
        assertEquals(rows, acknowledged.size());
        assertEquals(rows, head.totals().rowCount());
        assertEquals(writers, fences);
        assertEquals(rows + fences, head.id());
        assertEquals(acknowledged.size() / 2, inOneBucket);
        // every acknowledged row stands, in the very snapshot that was named to its writer
        Map<Long, Long> landed = landed(table, head);
        assertEquals(acknowledged, landed);
        for (int i = 0; i < chain.size(); i++) {
            assertEquals(i + 1, chain.get(i).id());
        }
        assertTrue(conflicts >= leastConflicts, () -> conflicts + " lost races");
        nothingElseDecides(root, table, head);
    }

    /** Without hints, and with none of the files that are no snapshots but those the head names, the table is the same. */
    private void nothingElseDecides(StoreRoot root, Table table, Snapshot head) throws IOException {
        ObjectStore store = table.components().store();
        for (ObjectInfo object : store.list("snapshot")) {
            boolean slot = object.path().matches("snapshot/\\d{20}\\.json");
            assertTrue(slot || object.path().equals("snapshot/hint"), object::path);
        }
        store.delete("snapshot/hint");
        assertEquals(
                head.header(), open(root).snapshots().latest().orElseThrow().header());
        List<String> others = store.list("").stream().map(ObjectInfo::path).toList();
        assertTrue(
                others.stream().allMatch(p -> p.matches("(snapshot|schema|data|mask|manifest)/.*")), others::toString);
    }

    private void run(StoreRoot root, String store, int processes, int threads, int commits, boolean mustSucceed)
            throws Exception {
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        try (Catalog catalog = Catalogs.open(root.uri(), root.options())) {
            catalog.createDatabase(RacingProcess.TABLE.database(), true);
            catalog.createTable(
                    RacingProcess.TABLE,
                    TableSchema.create(fields, List.of("id"), List.of(), List.of(), RacingProcess.BUCKETS, Map.of()));
        }
        List<ForkedJvm> running = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                running.add(new ForkedJvm(
                        RacingProcess.class,
                        "256m",
                        List.of(
                                root.toArgument(),
                                directory.toString(),
                                Integer.toString(i * threads),
                                Integer.toString(threads),
                                Integer.toString(commits),
                                store)));
            }
            for (ForkedJvm jvm : running) {
                jvm.awaitReady();
            }
            for (ForkedJvm jvm : running) {
                jvm.begin();
            }
            for (ForkedJvm jvm : running) {
                try {
                    jvm.await();
                } catch (AssertionError e) {
                    if (mustSucceed) {
                        throw e;
                    }
                }
            }
        } finally {
            running.forEach(ForkedJvm::close);
        }
    }

    /** Snapshot by acknowledged key. */
    private NavigableMap<Long, Long> acknowledgements(int writers) throws IOException {
        NavigableMap<Long, Long> all = new TreeMap<>();
        for (int i = 0; i < writers; i++) {
            for (String line : Files.readAllLines(RacingProcess.acknowledgements(directory, i))) {
                String[] parts = line.split(" ");
                all.put(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            }
        }
        return all;
    }

    private static Table open(StoreRoot root) throws IOException {
        return Catalogs.open(Components.system(root.open())).table(RacingProcess.TABLE);
    }

    private static NavigableMap<List<Object>, VisibleTable.Place> rows(Table table) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        return new VisibleTable(table, 1).rows(head);
    }

    /** Snapshot by visible key. */
    private static Map<Long, Long> landed(Table table, Snapshot head) throws IOException {
        LakeView view = LakeView.of(table.snapshots().tree(head));
        Map<Long, Long> out = new TreeMap<>();
        new VisibleTable(table, 1)
                .rows(view)
                .forEach((key, place) ->
                        out.put((Long) key.get(0), view.file(place.file()).addedIn()));
        return out;
    }

    private static long commitsIn(Table table, Snapshot head, int bucket) throws IOException {
        TableTree tree = table.snapshots().tree(head);
        return tree.entries().stream()
                .map(FileEntry::file)
                .filter(f -> f.slices().stream().map(Slice::bucket).anyMatch(b -> b == bucket))
                .count();
    }
}
