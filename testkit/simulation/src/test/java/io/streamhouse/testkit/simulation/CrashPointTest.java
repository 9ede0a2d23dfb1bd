package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreKind;
import io.streamhouse.testkit.StoreRoot;
import io.streamhouse.testkit.TableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process is killed before and after each change that it makes to the store, and the next one goes on. */
@Timeout(600)
class CrashPointTest {
    /** The registry: what a job on a local table changes. Each point stands for itself before and after the change. */
    private static final Set<String> POINTS = new TreeSet<>(Set.of(
            "fence.put_if_absent.snapshot",
            "fence.put.hint",
            "write.write.data",
            "commit.put.hint",
            "commit.put.mask",
            "commit.put.manifest",
            "commit.put_if_absent.snapshot",
            "compact.write.data",
            "compact.put_if_absent.snapshot",
            "expire.put_if_absent.boundary",
            "expire.delete.data",
            "expire.delete.snapshot"));

    private static final Map<String, String> RETENTION =
            Map.of("snapshot.time-retained", "1 s", "snapshot.num-retained.min", "3", "snapshot.num-retained.max", "4");

    @TempDir
    private Path directory;

    private static final TableModel MODEL = new TableModel(TableModel.naturalOrder());

    static {
        for (int round = 1; round <= CrashingJob.ROUNDS; round++) {
            MODEL.commit(CrashingJob.writes(round));
        }
    }

    @Test
    void whoeverIsKilledAnywhereLosesAndDoublesNothing() throws Exception {
        killEverywhere(StoreKind.LOCAL);
    }

    @ParameterizedTest
    @EnumSource(names = {"S3", "HDFS"})
    @Tag("full")
    void whoeverIsKilledAnywhereOnARemoteStoreLosesAndDoublesNothing(StoreKind kind) throws Exception {
        killEverywhere(kind);
    }

    private void killEverywhere(StoreKind kind) throws Exception {
        long start = System.nanoTime();
        StoreRoot root = kind.newRoot(directory);
        Map<String, Integer> passes = undisturbed(root);
        requireAllPassed(POINTS, passes);
        Set<String> more = new TreeSet<>(POINTS);
        more.add("expire.put.hint");
        assertThrows(AssertionError.class, () -> requireAllPassed(more, passes), "a point that nobody passes");
        long seed = Seeds.of("crash-points");
        Random random = new Random(seed);
        ExecutorService two = Executors.newFixedThreadPool(2);
        List<Future<Boolean>> deaths = new ArrayList<>();
        passes.forEach((side, times) -> {
            int occurrence = 1 + random.nextInt(times);
            deaths.add(two.submit(() -> dieAndGoOn(root, side, occurrence)));
        });
        two.shutdown();
        int inFlight = 0;
        for (Future<Boolean> death : deaths) {
            inFlight += death.get() ? 1 : 0;
        }
        System.out.printf(
                "crash points on %s: %d points, %d kills, %d of them with a checkpoint to go on from, %.1f s%n",
                kind, POINTS.size(), deaths.size(), inFlight, (System.nanoTime() - start) / 1e9);
        assertTrue(inFlight > 0);
    }

    /** True if there was a checkpoint to go on from. */
    private boolean dieAndGoOn(StoreRoot root, String side, int occurrence) throws IOException {
        Place place = place(root, side);
        create(place);
        kill(place, side, occurrence);
        int before = committedRounds(place);
        boolean held = Files.exists(place.checkpoint());
        new CrashingJob(new CrashingObjectStore(place.warehouse().open(), "", 0, p -> {}), place.checkpoint()).run();
        assertEquals(CrashingJob.ROUNDS, committedRounds(place), side);
        return held && before < CrashingJob.ROUNDS;
    }

    private static void requireAllPassed(Set<String> registry, Map<String, Integer> passes) {
        Set<String> sides = new TreeSet<>();
        registry.forEach(p -> sides.addAll(List.of(p + ".before", p + ".after")));
        assertEquals(sides, passes.keySet(), "every point of the registry is passed, and no other");
    }

    /** Where one job runs: its table, and its checkpoint on a local disk. */
    private record Place(StoreRoot warehouse, Path checkpoint) {}

    private Place place(StoreRoot root, String name) throws IOException {
        Path local = directory.resolve("checkpoints").resolve(name);
        return new Place(root.child(name), Files.createDirectories(local).resolve("checkpoint"));
    }

    private Map<String, Integer> undisturbed(StoreRoot root) throws IOException {
        Place place = place(root, "undisturbed");
        create(place);
        CrashingObjectStore store = new CrashingObjectStore(place.warehouse().open(), "", 0, p -> {});
        new CrashingJob(store, place.checkpoint()).run();
        assertEquals(CrashingJob.ROUNDS, committedRounds(place));
        return store.passed();
    }

    private static void create(Place place) throws IOException {
        Catalog catalog = Catalogs.open(Components.system(place.warehouse().open()));
        catalog.createDatabase(CrashingJob.TABLE.database(), true);
        List<Field> fields = List.of(
                new Field(0, "id", DataType.bigint(), false),
                new Field(0, "round", DataType.bigint(), true),
                new Field(0, "text", DataType.string(), true));
        catalog.createTable(
                CrashingJob.TABLE,
                TableSchema.create(fields, List.of("id"), List.of(), List.of(), CrashingJob.BUCKETS, RETENTION));
    }

    /** Runs the job in a process of its own and kills it with SIGKILL at the point. */
    private static void kill(Place place, String point, int occurrence) throws IOException {
        try (ForkedJvm jvm = new ForkedJvm(
                CrashingJob.class,
                "256m",
                List.of(
                        place.warehouse().toArgument(),
                        place.checkpoint().toString(),
                        point,
                        Integer.toString(occurrence)))) {
            jvm.awaitReady();
        }
    }

    /** Rounds in the table, each once and in order; the rows of every snapshot that is left are those of its round. */
    private static int committedRounds(Place place) throws IOException {
        Table table = Catalogs.open(Components.system(place.warehouse().open())).table(CrashingJob.TABLE);
        Snapshot head = table.snapshots().latest().orElse(null);
        if (head == null) {
            return 0;
        }
        VisibleTable visible = new VisibleTable(table, 1);
        int last = -1;
        for (Snapshot s : table.snapshots().list(1, head.id())) {
            int round = (int) s.commits().user("job").orElseThrow().lastIdentifier();
            boolean isNext = s.kind() == SnapshotKind.APPEND && last >= 0;
            assertEquals(isNext ? last + 1 : last < 0 ? round : last, round, () -> "snapshot " + s.id());
            last = round;
            NavigableMap<List<Object>, List<Object>> rows = new TreeMap<>(TableModel.naturalOrder());
            visible.rows(s).forEach((key, at) -> rows.put(key, at.row()));
            MODEL.checkRows(round, rows);
        }
        assertFalse(last > CrashingJob.ROUNDS);
        return last;
    }
}
