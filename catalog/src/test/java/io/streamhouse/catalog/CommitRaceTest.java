package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.Racing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;

/** Committers that share nothing but the store lose nothing and double nothing. */
class CommitRaceTest {
    @TempDir
    private Path directory;

    private static void checkTable(Components components, Iterable<UUID> acknowledged, int commits) throws Exception {
        SnapshotChain chain = TestWorld.openTable(components).snapshots();
        Snapshot head = chain.latest().orElseThrow();
        assertEquals(commits, head.id());
        assertEquals(commits, chain.list(1, Long.MAX_VALUE).size());
        assertEquals(commits, head.totals().rowCount());
        List<UUID> held = new ArrayList<>();
        for (FileEntry entry : chain.tree(head).entries()) {
            held.add(entry.file().object().id());
        }
        TreeSet<UUID> expected = new TreeSet<>();
        acknowledged.forEach(expected::add);
        assertEquals(expected, new TreeSet<>(held));
        assertEquals(commits, held.size());
    }

    private static void race(ObjectStore store, int threads, int commits) throws Exception {
        Components world = Components.system(store);
        TestWorld.newTable(world);
        ConcurrentLinkedQueue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<PublishStats>> runs = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String user = "thread-" + t;
                runs.add(pool.submit(() -> CommitProcess.run(world, commits, user, acknowledged::add)));
            }
            long conflicts = 0;
            for (Future<PublishStats> run : runs) {
                conflicts += run.get().conflicts();
            }
            System.out.println("CommitRaceTest: " + threads + " threads, " + conflicts + " lost races");
            assertTrue(conflicts > 0, "nobody ever raced");
        } finally {
            pool.shutdownNow();
        }
        checkTable(world, acknowledged, threads * commits);
    }

    @Racing
    void threadsOnAStoreInMemory() throws Exception {
        race(ObjectStores.memory(), 8, 60);
    }

    @Racing
    void threadsOnALocalDisk() throws Exception {
        race(ObjectStores.local(directory.resolve("warehouse")), 8, 15);
    }

    @Racing
    void processesOnALocalDisk() throws Exception {
        int processes = 4;
        int commits = 25;
        Path warehouse = directory.resolve("warehouse");
        Components world = Components.system(ObjectStores.local(warehouse));
        TestWorld.newTable(world);
        List<Process> running = new ArrayList<>();
        for (int p = 0; p < processes; p++) {
            running.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CommitProcess.class.getName(),
                            warehouse.toString(),
                            directory.resolve("acknowledged-" + p).toString(),
                            Integer.toString(commits),
                            "process-" + p)
                    .inheritIO()
                    .start());
        }
        for (Process process : running) {
            assertEquals(0, process.waitFor());
        }
        List<UUID> acknowledged = new ArrayList<>();
        long conflicts = 0;
        for (int p = 0; p < processes; p++) {
            for (String line : Files.readAllLines(directory.resolve("acknowledged-" + p))) {
                acknowledged.add(UUID.fromString(line));
            }
            conflicts += Long.parseLong(Files.readString(directory.resolve("acknowledged-" + p + ".lost")));
        }
        System.out.println("CommitRaceTest: " + processes + " processes, " + conflicts + " lost races");
        assertTrue(conflicts > 0, "nobody ever raced");
        assertEquals(processes * commits, acknowledged.size());
        checkTable(world, acknowledged, processes * commits);
    }
}
