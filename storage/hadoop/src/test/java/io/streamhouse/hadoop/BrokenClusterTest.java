package io.streamhouse.hadoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.Stamped;
import java.io.IOException;
import java.net.URI;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What breaks in a cluster gives an error or nothing, never an object in part. */
class BrokenClusterTest {
    private static final int THREADS = 4;
    private static final int OBJECT_BYTES = 300_000;

    private final URI root = Cluster.newRoot();
    private final ObjectStore store = Cluster.open(root);

    @Test
    void commitsAcrossARestartOfTheNameNodeAreWholeAndHaveOneWinner() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        AtomicBoolean going = new AtomicBoolean(true);
        List<Future<List<String>>> runs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int writer = i;
            runs.add(executor.submit(() -> commitWhile(going, writer)));
        }
        Cluster.command("restart-name-node");
        Cluster.command("restart-name-node");
        going.set(false);
        Map<String, Integer> counts = new java.util.TreeMap<>();
        int slots = 0;
        List<List<String>> answers = new ArrayList<>();
        for (Future<List<String>> run : runs) {
            answers.add(run.get());
            slots = Math.max(slots, run.get().size());
            run.get().forEach(a -> counts.merge(a, 1, Integer::sum));
        }
        executor.shutdown();
        System.out.printf("two restarts of the name node, %d slots: %s%n", slots, counts);
        for (int slot = 0; slot < slots; slot++) {
            int owner = store.size(path(slot)) < 0 ? -1 : Stamped.writerOf(store.read(path(slot)));
            assertEquals(owner < 0, store.size(path(slot)) < 0, "slot " + slot + " is torn");
            for (int writer = 0; writer < THREADS; writer++) {
                String answer =
                        slot < answers.get(writer).size() ? answers.get(writer).get(slot) : "none";
                boolean right =
                        switch (answer) {
                            case "CREATED" -> owner == writer;
                            case "EXISTED" -> owner >= 0 && owner != writer;
                            case "error" -> owner != writer;
                            default -> true;
                        };
                assertTrue(right, "slot %d of %d: writer %d heard %s".formatted(slot, owner, writer, answer));
            }
        }
        assertTrue(counts.getOrDefault("error", 0) + counts.getOrDefault("UNKNOWN", 0) > 0, "nobody was disturbed");
    }

    private List<String> commitWhile(AtomicBoolean going, int writer) {
        List<String> answers = new ArrayList<>();
        while (going.get()) {
            try {
                answers.add(store.putIfAbsent(path(answers.size()), Stamped.content(writer, OBJECT_BYTES))
                        .name());
            } catch (IOException e) {
                answers.add("error");
            }
        }
        return answers;
    }

    private static String path(int slot) {
        return "snapshot/" + slot;
    }

    @Test
    void inSafeModeNothingIsWrittenAndAllIsRead() throws Exception {
        store.put("a", new byte[] {1});
        ObjectOutput output = store.create("b");
        output.write(new byte[10], 0, 10);
        Cluster.command("safe-mode on");
        try {
            assertThrows(IOException.class, () -> store.put("a", new byte[2]));
            assertThrows(IOException.class, () -> store.putIfAbsent("c", new byte[2]));
            assertThrows(IOException.class, output::commit);
            assertThrows(IOException.class, () -> store.delete("a"));
            assertArrayEquals(new byte[] {1}, store.read("a"));
            assertEquals(1, store.list("").size());
        } finally {
            Cluster.command("safe-mode off");
        }
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("c", new byte[2]));
        assertEquals(2, store.list("").size());
    }

    @Test
    void anObjectIsWholeWhenADataNodeDiesUnderItsWriter() throws Exception {
        byte[] content = Stamped.content(1, 4 << 20);
        try (ObjectOutput output = store.create("data")) {
            int half = content.length / 2;
            output.write(content, 0, half);
            Cluster.command("stop-data-node");
            output.write(content, half, content.length - half);
            output.commit();
        } finally {
            Cluster.command("start-data-node");
        }
        assertArrayEquals(content, store.read("data"));
        assertEquals(1, store.list("").size());
    }

    @Test
    void aFullQuotaIsNoSpaceAndLeavesNothing() throws Exception {
        store.put("full/a", new byte[1]);
        Cluster.command("quota " + root.getPath() + "/full 1000");
        for (Executable write : List.<Executable>of(
                () -> store.put("full/b", new byte[1_000_000]),
                () -> store.putIfAbsent("full/c", new byte[1_000_000]))) {
            assertEquals(
                    ErrorCode.NO_SPACE,
                    assertThrows(StreamhouseException.class, write).code());
        }
        Cluster.command("quota " + root.getPath() + "/full -1");
        assertEquals(1, store.list("full").size());
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("full/c", new byte[1_000_000]));
    }

    @Test
    void missingRightsAreNamed() throws Exception {
        store.put("secret/a", new byte[1]);
        Cluster.command("permission " + root.getPath() + "/secret 700");
        ObjectStore eves = UserGroupInformation.createRemoteUser("eve")
                .doAs((PrivilegedExceptionAction<ObjectStore>) () -> Cluster.open(root));
        for (Executable call : List.<Executable>of(
                () -> eves.read("secret/a"),
                () -> eves.read("secret/a", 0, 1),
                () -> eves.size("secret/a"),
                () -> eves.list(""),
                () -> eves.put("secret/b", new byte[1]),
                () -> eves.putIfAbsent("secret/b", new byte[1]),
                () -> eves.create("secret/b"),
                () -> eves.delete("secret/a"),
                () -> eves.deleteDirectory("secret"))) {
            StreamhouseException e = assertThrows(StreamhouseException.class, call);
            assertEquals(ErrorCode.NO_PERMISSION, e.code());
            assertTrue(e.getMessage().contains("eve"), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
        assertEquals(1, store.list("secret").size());
    }
}
