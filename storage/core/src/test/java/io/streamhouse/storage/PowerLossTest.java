package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.PowerLossDisk.Forgotten;
import io.streamhouse.storage.PowerLossDisk.Unsynced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fixed history of writes is cut by a loss of power at each of its calls of the file system; afterwards everything
 * acknowledged is there, and every object is one of those that were written, whole.
 */
class PowerLossTest {
    private static final String[] PATHS = {
        "t/snapshot/1",
        "t/data/p=1/a",
        "hint",
        "t/snapshot/2",
        "hint",
        "u/x/y/z",
        "t/data/p=1/b",
        "hint",
        "t/snapshot/1"
    };
    private static final int MAX_CALLS = 500;

    @TempDir
    Path directory;

    @Test
    void noLossOfPowerTakesWhatWasAcknowledgedOrLeavesAPart() throws IOException {
        for (Unsynced unsynced : Unsynced.values()) {
            int calls = 0;
            while (!lostAt(calls, unsynced, Forgotten.NOTHING)) {
                calls++;
            }
            assertTrue(calls > 60 && calls < MAX_CALLS, "the history has " + calls + " calls");
        }
    }

    @Test
    void aStoreThatForgetsToSyncItsDirectoriesLosesNames() throws IOException {
        assertFalse(survivesEverywhere(Unsynced.NAMES_LOST, Forgotten.SYNC_OF_DIRECTORY));
    }

    @Test
    void aStoreThatForgetsToSyncItsContentsLeavesParts() throws IOException {
        assertFalse(survivesEverywhere(Unsynced.NAMES_KEPT, Forgotten.SYNC_OF_CONTENT));
    }

    private boolean survivesEverywhere(Unsynced unsynced, Forgotten forgotten) throws IOException {
        for (int calls = 0; calls < MAX_CALLS; calls++) {
            try {
                if (lostAt(calls, unsynced, forgotten)) {
                    return true;
                }
            } catch (AssertionError e) {
                return false;
            }
        }
        throw new IllegalStateException("the history does not end");
    }

    /** Cuts the power after so many calls and judges what is left; true if the whole history fits into them. */
    private boolean lostAt(int calls, Unsynced unsynced, Forgotten forgotten) throws IOException {
        Path root = Files.createTempDirectory(directory, "cut-").resolve("warehouse/here");
        PowerLossDisk disk = new PowerLossDisk(calls, forgotten);
        ObjectStore store = new LocalObjectStore(root, disk);
        Map<String, Integer> acknowledged = new TreeMap<>();
        Map<String, Set<Integer>> tried = new TreeMap<>();
        for (int step = 0; step < PATHS.length && !disk.isDark(); step++) {
            String path = PATHS[step];
            tried.computeIfAbsent(path, p -> new HashSet<>()).add(step);
            try {
                if (write(store, path, step)) {
                    acknowledged.put(path, step);
                    tried.put(path, new HashSet<>(Set.of(step)));
                }
            } catch (IOException e) {
                assertTrue(disk.isDark(), e.toString());
            }
        }
        boolean complete = !disk.isDark();
        disk.lose(unsynced);
        judge(ObjectStores.local(root), acknowledged, tried, "after %d calls, %s".formatted(calls, unsynced));
        return complete;
    }

    /** Writes by one of the three ways; true if acknowledged as ours. */
    private static boolean write(ObjectStore store, String path, int step) throws IOException {
        byte[] content = Stamped.content(step, 300_000 * (step % 2) + step);
        switch (step % 3) {
            case 0 -> {
                return store.putIfAbsent(path, content) == PutOutcome.CREATED;
            }
            case 1 -> {
                try (ObjectOutput output = store.create(path)) {
                    output.write(content, 0, content.length);
                    output.commit();
                }
                return true;
            }
            default -> {
                store.put(path, content);
                return true;
            }
        }
    }

    private static void judge(
            ObjectStore store, Map<String, Integer> acknowledged, Map<String, Set<Integer>> tried, String when)
            throws IOException {
        List<String> listed = new ArrayList<>();
        for (ObjectInfo info : store.list("")) {
            int step = Stamped.writerOf(store.read(info.path()));
            assertTrue(tried.getOrDefault(info.path(), Set.of()).contains(step), () -> when + ": " + info);
            listed.add(info.path());
        }
        List<String> missing = new ArrayList<>(acknowledged.keySet());
        missing.removeAll(listed);
        assertEquals(List.of(), missing, when);
    }
}
