package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Protection;
import io.streamhouse.catalog.Protections;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.FaultProxy;
import io.streamhouse.testkit.NetworkFault;
import io.streamhouse.testkit.ProxiedRequest;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreKind;
import io.streamhouse.testkit.StoreRoot;
import io.streamhouse.testkit.simulation.HastyObjectStore.Habit;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers of one table on a real server of S3, behind a network that loses every second answer to a put and some to
 * reads: whoever was told that a commit is in has it in the table, once, where it was told.
 */
@Timeout(3600)
class LostAnswersTest {
    private static final TableName NAME = TableName.of("db", "t");
    private static final int WRITERS = 4;
    /** Tries of one commit; each has many tries of a request in it. */
    private static final int TRIES = 20;

    @TempDir
    private Path directory;

    private final AtomicLong lostOfCommits = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    private static Catalog open(ObjectStore store, Habit habit) {
        Protections protections =
                habit == Habit.REPEATS ? Protections.without(Protection.SLOTS_ARE_READ_BACK) : Protections.ALL;
        return Catalogs.open(Components.system(new HastyObjectStore(store, habit)), protections);
    }

    @Test
    void someLostAnswersLoseAndDoubleNoCommit() throws Exception {
        assertEquals(List.of(), loseAnswers(Habit.NONE, 50, 6));
    }

    @Test
    @Tag("full")
    void tenThousandLostAnswersLoseAndDoubleNoCommit() throws Exception {
        assertEquals(List.of(), loseAnswers(Habit.NONE, Long.getLong("streamhouse.lost-answers", 10_000), 100));
    }

    /** Against the SDK's own tries stands the reading back, which is left out with them. */
    @Test
    void aClientThatRepeatsTheCommitPutByItselfIsFoundOut() throws Exception {
        assertFalse(loseAnswers(Habit.REPEATS, 1, 6).isEmpty());
    }

    @Test
    void aClientThatTakesSilenceForSuccessIsFoundOut() throws Exception {
        assertFalse(loseAnswers(Habit.BELIEVES, 1, 8).isEmpty());
    }

    /** Runs writers, each with so many commits a table, until so many answers were lost; what is wrong then. */
    private List<String> loseAnswers(Habit habit, long answers, int commitsOfWriter) throws Exception {
        long seed = Seeds.of("lost-answers");
        long start = System.nanoTime();
        StoreRoot direct = StoreKind.S3.newRoot(directory);
        List<String> wrongs = new CopyOnWriteArrayList<>();
        long commits = 0;
        try (FaultProxy proxy = FaultProxy.start(URI.create(direct.options().get("s3.endpoint")))) {
            Map<String, String> options = new HashMap<>(direct.options());
            options.put("s3.endpoint", proxy.uri().toString());
            StoreRoot lossy = new StoreRoot(direct.uri(), options);
            proxy.rule(losses(proxy, Seeds.random(seed)));
            for (int tables = 0; lost(proxy) < answers; tables++) {
                StoreRoot to = lossy.child("t" + tables);
                StoreRoot judged = direct.child("t" + tables);
                create(judged);
                Map<Long, Long> acknowledged = new TreeMap<>();
                write(habit, to, commitsOfWriter, acknowledged, wrongs);
                proxy.release();
                commits += acknowledged.size();
                try {
                    judge(judged, acknowledged, wrongs);
                } catch (StreamhouseException | AssertionError e) {
                    wrongs.add(e.toString());
                }
            }
            System.out.printf(
                    "lost answers: %d (%d of puts that decide), %d late, %d doubled, %d requests refused or cut off; "
                            + "%d commits acknowledged, %d times in doubt; %d wrong; %.1f s%n",
                    lost(proxy),
                    lostOfCommits.get(),
                    proxy.count(NetworkFault.LATE),
                    proxy.count(NetworkFault.DOUBLED),
                    proxy.count(NetworkFault.BUSY)
                            + proxy.count(NetworkFault.RESET)
                            + proxy.count(NetworkFault.CONFLICT),
                    commits,
                    unknown.get(),
                    wrongs.size(),
                    (System.nanoTime() - start) / 1e9);
        }
        wrongs.stream().limit(20).forEach(System.out::println);
        return wrongs;
    }

    private static long lost(FaultProxy proxy) {
        return proxy.count(NetworkFault.LOST) + proxy.count(NetworkFault.LATE);
    }

    private Function<ProxiedRequest, NetworkFault> losses(FaultProxy proxy, RandomGenerator random) {
        return request -> {
            int dice;
            synchronized (random) {
                dice = random.nextInt(100);
                if (random.nextInt(10) == 0) {
                    proxy.release();
                }
            }
            boolean decides = request.isConditionalPut();
            boolean reads = !request.method().equals("PUT");
            if (decides && dice < 15) {
                lostOfCommits.incrementAndGet();
                return NetworkFault.LATE;
            } else if (dice < (reads ? 12 : 45)) {
                lostOfCommits.addAndGet(decides ? 1 : 0);
                return NetworkFault.LOST;
            } else if (dice >= 90) {
                return NetworkFault.DOUBLED;
            } else if (dice >= 87) {
                return decides ? NetworkFault.CONFLICT : NetworkFault.BUSY;
            } else if (dice >= 85) {
                return NetworkFault.RESET;
            }
            return NetworkFault.NONE;
        };
    }

    private static void create(StoreRoot root) throws IOException {
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        try (Catalog catalog = Catalogs.open(root.uri(), root.options())) {
            catalog.createDatabase(NAME.database(), true);
            catalog.createTable(NAME, TableSchema.create(fields, List.of("id"), List.of(), List.of(), 1, Map.of()));
        }
    }

    /** Writers commit beside each other; which key was acknowledged in which snapshot, or in one that is not known (0). */
    private void write(Habit habit, StoreRoot root, int commits, Map<Long, Long> acknowledged, List<String> wrongs)
            throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Map<Long, Long>>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                long first = writer * 1_000L;
                running.add(threads.submit(() -> {
                    Map<Long, Long> own = new TreeMap<>();
                    try (ObjectStore store = root.open()) {
                        write(open(store, habit), first, commits, own, wrongs);
                    } catch (StreamhouseException e) {
                        wrongs.add(e.toString()); // nobody else has this user: there is nothing to refuse
                    }
                    return own;
                }));
            }
            for (Future<Map<Long, Long>> thread : running) {
                acknowledged.putAll(thread.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void write(Catalog catalog, long first, int commits, Map<Long, Long> acknowledged, List<String> wrongs)
            throws IOException {
        Table table = again(() -> catalog.table(NAME));
        TableWriter writer = again(() -> TableWriter.open(table, CommitUser.fresh()));
        try {
            for (int i = 1; i <= commits; i++) {
                long key = first + i;
                writer.write(RowKind.INSERT, Row.of(key, first));
                Optional<CommitOutcome> outcome = Optional.empty();
                boolean doubted = false;
                for (int tries = 0; outcome.isEmpty(); tries++) {
                    try {
                        outcome = Optional.of(writer.commit(i));
                    } catch (IOException e) {
                        unknown.incrementAndGet();
                        doubted = true;
                        assertTrue(tries < TRIES, () -> "commit of " + key + ": " + e);
                    } catch (IllegalStateException e) {
                        // nothing of it was handed to a commit: a flush had failed
                        writer.close();
                        writer = again(() -> TableWriter.open(table, CommitUser.fresh()));
                        writer.write(RowKind.INSERT, Row.of(key, first));
                    }
                }
                if (outcome.get() instanceof CommitOutcome.Committed committed) {
                    acknowledged.put(key, committed.snapshot().id());
                } else {
                    if (!doubted) {
                        wrongs.add("the only commit of %d heard that it had been made before".formatted(key));
                    }
                    acknowledged.put(key, 0L);
                }
            }
        } finally {
            writer.close();
        }
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T again(Call<T> call) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return call.run();
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** What a connection that loses nothing sees. */
    private static void judge(StoreRoot root, Map<Long, Long> acknowledged, List<String> wrongs) throws IOException {
        try (ObjectStore store = root.open()) {
            Table table = Catalogs.open(Components.system(store)).table(NAME);
            Snapshot head = table.snapshots().latest().orElseThrow();
            List<Snapshot> chain = table.snapshots().list(1, head.id());
            long appends =
                    chain.stream().filter(s -> s.kind() == SnapshotKind.APPEND).count();
            if (appends != acknowledged.size() || chain.size() != head.id()) {
                wrongs.add("%d commits acknowledged, %d in the chain of %d"
                        .formatted(acknowledged.size(), appends, head.id()));
            }
            LakeView view = LakeView.of(table.snapshots().tree(head));
            Map<Long, Long> landed = new TreeMap<>();
            new VisibleTable(table, 1)
                    .rows(view)
                    .forEach((key, place) -> landed.put(
                            (Long) key.get(0), view.file(place.file()).addedIn()));
            if (head.totals().rowCount() != landed.size()) {
                wrongs.add("%d rows counted, %d seen".formatted(head.totals().rowCount(), landed.size()));
            }
            acknowledged.forEach((key, snapshot) -> {
                Long in = landed.remove(key);
                if (in == null || snapshot != 0 && !snapshot.equals(in)) {
                    wrongs.add("%d acknowledged in %d is in %s".formatted(key, snapshot, in));
                }
            });
            landed.forEach((key, in) -> wrongs.add("%d in %d was never acknowledged".formatted(key, in)));
        }
    }
}
