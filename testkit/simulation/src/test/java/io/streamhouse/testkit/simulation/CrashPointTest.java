package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed before and after each change that it makes to the store, and the next one goes on. */
@Timeout(600)
class CrashPointTest {
    /** The registry: what a job on a local table changes. Each point stands for itself before and after the change. */
    private static final Set<String> POINTS = new TreeSet<>(Set.of(
            "fence.put_if_absent.snapshot",
            "fence.put.hint",
            "write.write.data",
            "commit.put.mask",
            "commit.put.manifest",
            "commit.put_if_absent.snapshot"));

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
        Map<String, Integer> passes = undisturbed();
        Set<String> sides = new TreeSet<>();
        POINTS.forEach(p -> sides.addAll(List.of(p + ".before", p + ".after")));
        assertEquals(sides, passes.keySet(), "every point of the registry is passed, and no other");
        long seed = Seeds.of("crash-points");
        Random random = new Random(seed);
        int alreadyCommitted = 0;
        int inFlight = 0;
        for (Map.Entry<String, Integer> side : passes.entrySet()) {
            int occurrence = 1 + random.nextInt(side.getValue());
            Path place = Files.createDirectory(directory.resolve(side.getKey()));
            create(place);
            kill(place, side.getKey(), occurrence);
            int before = committedRounds(place);
            boolean held = Files.exists(checkpoint(place));
            new CrashingJob(
                            new CrashingObjectStore(ObjectStores.local(warehouse(place)), "", 0, p -> {}),
                            checkpoint(place))
                    .run();
            assertEquals(CrashingJob.ROUNDS, committedRounds(place), side::getKey);
            alreadyCommitted += side.getKey().equals("commit.put_if_absent.snapshot.after") ? 1 : 0;
            inFlight += held && before < CrashingJob.ROUNDS ? 1 : 0;
        }
        System.out.printf(
                "crash points: %d points, %d kills, %d with a checkpoint to go on from, %d between the put and its answer%n",
                POINTS.size(), passes.size(), inFlight, alreadyCommitted);
        assertEquals(1, alreadyCommitted);
        assertTrue(inFlight > 0);
    }

    @Test
    void aPointThatNobodyPassesIsNoticed() throws IOException {
        Path place = Files.createDirectory(directory.resolve("never"));
        create(place);
        assertThrows(AssertionError.class, () -> kill(place, "commit.delete.data.before", 1));
    }

    /** A job that forgets its checkpoint doubles or loses nothing either, but it is not let in. */
    @Test
    void aJobThatForgetsItsCheckpointIsRefused() throws Exception {
        Path place = Files.createDirectory(directory.resolve("forgetful"));
        create(place);
        kill(place, "commit.put_if_absent.snapshot.after", 2);
        Files.delete(checkpoint(place));
        CrashingJob job = new CrashingJob(
                new CrashingObjectStore(ObjectStores.local(warehouse(place)), "", 0, p -> {}), checkpoint(place));
        Exception refused = assertThrows(StreamhouseException.class, job::run);
        assertTrue(refused.getMessage().contains("job"), refused::getMessage);
        assertEquals(2, committedRounds(place));
    }

    private static Path warehouse(Path place) {
        return place.resolve("warehouse");
    }

    private static Path checkpoint(Path place) {
        return place.resolve("checkpoint");
    }

    private Map<String, Integer> undisturbed() throws IOException {
        Path place = Files.createDirectory(directory.resolve("undisturbed"));
        create(place);
        CrashingObjectStore store = new CrashingObjectStore(ObjectStores.local(warehouse(place)), "", 0, p -> {});
        new CrashingJob(store, checkpoint(place)).run();
        assertEquals(CrashingJob.ROUNDS, committedRounds(place));
        return store.passed();
    }

    private static void create(Path place) throws IOException {
        Files.createDirectory(warehouse(place));
        Catalog catalog = Catalogs.open(Components.system(ObjectStores.local(warehouse(place))));
        catalog.createDatabase(CrashingJob.TABLE.database(), true);
        List<Field> fields = List.of(
                new Field(0, "id", DataType.bigint(), false),
                new Field(0, "round", DataType.bigint(), true),
                new Field(0, "text", DataType.string(), true));
        catalog.createTable(
                CrashingJob.TABLE,
                TableSchema.create(fields, List.of("id"), List.of(), List.of(), CrashingJob.BUCKETS, Map.of()));
    }

    /** Runs the job in a process of its own and kills it with SIGKILL at the point. */
    private static void kill(Path place, String point, int occurrence) throws IOException {
        try (ForkedJvm jvm = new ForkedJvm(
                CrashingJob.class,
                "256m",
                List.of(
                        warehouse(place).toString(),
                        checkpoint(place).toString(),
                        point,
                        Integer.toString(occurrence)))) {
            jvm.awaitReady();
        }
    }

    /** Rounds in the table, each once and in order; the rows are those of the last one. */
    private static int committedRounds(Path place) throws IOException {
        Table table = Catalogs.open(Components.system(ObjectStores.local(warehouse(place))))
                .table(CrashingJob.TABLE);
        Snapshot head = table.snapshots().latest().orElse(null);
        if (head == null) {
            return 0;
        }
        List<Long> rounds = new ArrayList<>();
        for (Snapshot s : table.snapshots().list(1, head.id())) {
            if (s.kind() == SnapshotKind.APPEND) {
                rounds.add(s.author().identifier());
            }
        }
        for (int i = 0; i < rounds.size(); i++) {
            assertEquals(i + 1L, rounds.get(i));
        }
        NavigableMap<List<Object>, List<Object>> rows = new TreeMap<>(TableModel.naturalOrder());
        new VisibleTable(table, 1).rows(head).forEach((key, at) -> rows.put(key, at.row()));
        MODEL.checkRows(rounds.size(), rows);
        assertFalse(rounds.size() > CrashingJob.ROUNDS);
        return rounds.size();
    }
}
