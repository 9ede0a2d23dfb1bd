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
import io.streamhouse.storage.ObjectStores;
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

/** Processes that know nothing of each other commit to one table in a local directory. */
@Timeout(600)
class ProcessRaceTest {
    @TempDir
    private Path directory;

    @Test
    void fourProcessesLoseNothing() throws Exception {
        race(4, 40, 20);
    }

    @Test
    @Tag("full")
    void sixteenProcessesLoseNothing() throws Exception {
        race(16, 125, 200);
    }

    @Test
    void aStoreThatLooksAndThenWritesLosesCommits() throws Exception {
        int processes = 4;
        int commits = 25;
        run("careless", processes, commits, false);
        NavigableMap<Long, Long> acknowledged = acknowledgements(processes);
        long lost;
        try {
            NavigableMap<List<Object>, VisibleTable.Place> rows = rows(open());
            lost = acknowledged.keySet().stream()
                    .filter(k -> !rows.containsKey(List.<Object>of(k)))
                    .count();
        } catch (StreamhouseException e) {
            lost = 1; // a tree that names objects which the loser of a race took back
        }
        System.out.printf("careless store: %d of %d acknowledged commits lost%n", lost, acknowledged.size());
        assertTrue(lost > 0, "the race is no race: a store without put-if-absent lost nothing");
    }

    private void race(int processes, int commits, int leastConflicts) throws Exception {
        long start = System.nanoTime();
        run("careful", processes, commits, true);
        double seconds = (System.nanoTime() - start) / 1e9;
        NavigableMap<Long, Long> acknowledged = acknowledgements(processes);
        Table table = open();
        Snapshot head = table.snapshots().latest().orElseThrow();
        List<Snapshot> chain = table.snapshots().list(1, head.id());
        long conflicts = chain.stream().mapToLong(s -> s.change().conflicts()).sum();
        long fences = chain.stream().filter(s -> s.kind() == SnapshotKind.FENCE).count();
        long inOneBucket = commitsIn(table, head, 0);
        System.out.printf(
                "%d processes x %d commits: %d snapshots (%d fences), %d acknowledged, %d rows, %d lost races, %d commits on one bucket, %.1f s%n",
                processes,
                commits,
                head.id(),
                fences,
                acknowledged.size(),
                head.totals().rowCount(),
                conflicts,
                inOneBucket,
                seconds);
        assertEquals((long) processes * commits, acknowledged.size());
        assertEquals((long) processes * commits, head.totals().rowCount());
        assertEquals(processes, fences);
        assertEquals((long) processes * commits + fences, head.id());
        assertEquals(acknowledged.size() / 2, inOneBucket);
        // every acknowledged row stands, in the very snapshot that was named to its writer
        Map<Long, Long> landed = landed(table, head);
        assertEquals(acknowledged, landed);
        for (int i = 0; i < chain.size(); i++) {
            assertEquals(i + 1, chain.get(i).id());
        }
        assertTrue(conflicts >= leastConflicts, () -> conflicts + " lost races");
        nothingElseDecides(table, head);
    }

    /** Without hints, and with none of the files that are no snapshots but those the head names, the table is the same. */
    private void nothingElseDecides(Table table, Snapshot head) throws IOException {
        ObjectStore store = table.components().store();
        for (ObjectInfo object : store.list("snapshot")) {
            boolean slot = object.path().matches("snapshot/\\d{20}\\.json");
            assertTrue(slot || object.path().equals("snapshot/hint"), object::path);
        }
        store.delete("snapshot/hint");
        assertEquals(head.header(), open().snapshots().latest().orElseThrow().header());
        List<String> others = store.list("").stream().map(ObjectInfo::path).toList();
        assertTrue(
                others.stream().allMatch(p -> p.matches("(snapshot|schema|data|mask|manifest)/.*")), others::toString);
    }

    private void run(String store, int processes, int commits, boolean mustSucceed) throws Exception {
        Path warehouse = directory.resolve("warehouse");
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
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
                        "128m",
                        List.of(
                                warehouse.toString(),
                                acknowledgementsOf(i).toString(),
                                Integer.toString(i),
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

    private Path acknowledgementsOf(int process) {
        return directory.resolve("acknowledged-" + process);
    }

    /** Snapshot by acknowledged key. */
    private NavigableMap<Long, Long> acknowledgements(int processes) throws IOException {
        NavigableMap<Long, Long> all = new TreeMap<>();
        for (int i = 0; i < processes; i++) {
            for (String line : Files.readAllLines(acknowledgementsOf(i))) {
                String[] parts = line.split(" ");
                all.put(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            }
        }
        return all;
    }

    private Table open() throws IOException {
        ObjectStore store = ObjectStores.local(directory.resolve("warehouse"));
        return Catalogs.open(Components.system(store)).table(RacingProcess.TABLE);
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
