package io.streamhouse.storage.hadoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.Stamped;
import java.io.IOException;
import java.net.URI;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What breaks in a cluster gives an error or nothing, never an object in part. */
class BrokenClusterTest {
    private static final int THREADS = 4;
    private static final int OBJECT_BYTES = 300_000;
    /** Each writer fills so many slots before a failure and after it. */
    private static final int LEAST_SLOTS = 5;

    private final URI root = Cluster.newRoot();
    private final ObjectStore store = Cluster.open(root);

    @Test
    void aRenameWhoseAnswerIsLostIsUnknownAndItsObjectStands() throws Exception {
        assertEquals(PutOutcome.UNKNOWN, putThrough(LossyNameNode.Loss.ANSWER, Map.of()));
        assertArrayEquals(Stamped.content(1, 10), store.read("snapshot/1"));
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("snapshot/1", Stamped.content(2, 10)));
        assertEquals(1, store.list("").size());
    }

    @Test
    void aRenameThatIsLostOnItsWayIsUnknownAndLeavesTheNameFree() throws Exception {
        assertEquals(PutOutcome.UNKNOWN, putThrough(LossyNameNode.Loss.REQUEST, Map.of()));
        assertEquals(List.of(), store.list(""));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("snapshot/1", Stamped.content(2, 10)));
    }

    /** The name node knows a call that comes again by its number, and says once more what it said. */
    @Test
    void aClientThatRepeatsLostCallsHearsOfItsOwnSuccess() throws Exception {
        Map<String, String> repeating = Map.of(
                "hadoop.dfs.client.retry.policy.enabled", "true", "hadoop.dfs.client.retry.policy.spec", "100,5");
        for (LossyNameNode.Loss loss : LossyNameNode.Loss.values()) {
            assertEquals(PutOutcome.CREATED, putThrough(loss, repeating), loss.name());
            assertArrayEquals(Stamped.content(1, 10), store.read("snapshot/1"));
            store.delete("snapshot/1");
        }
    }

    private PutOutcome putThrough(LossyNameNode.Loss loss, Map<String, String> options) throws IOException {
        try (LossyNameNode lossy = new LossyNameNode(Cluster.uri(), loss)) {
            return ObjectStores.open(lossy.uri().resolve(root.getPath()), options)
                    .putIfAbsent("snapshot/1", Stamped.content(1, 10));
        }
    }

    @Test
    @Tag("full")
    void commitsAcrossARestartOfTheNameNodeAreWholeAndHaveOneWinner() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        CountDownLatch started = new CountDownLatch(THREADS);
        AtomicBoolean going = new AtomicBoolean(true);
        List<Future<Heard>> runs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int writer = i;
            runs.add(executor.submit(() -> commitWhile(started, going, writer)));
        }
        started.await();
        Cluster.command("restart-name-node");
        going.set(false);
        List<Heard> heard = new ArrayList<>();
        for (Future<Heard> run : runs) {
            heard.add(run.get());
        }
        executor.shutdown();
        int created = 0;
        for (int slot = 0;
                slot < heard.stream().mapToInt(h -> h.answers.size()).max().orElse(0);
                slot++) {
            int owner = Stamped.writerOf(store.read(path(slot)));
            assertTrue(owner >= 0, "slot " + slot + " is torn");
            for (int writer = 0; writer < THREADS; writer++) {
                Heard answers = heard.get(writer);
                if (slot < answers.answers.size()) {
                    PutOutcome answer = answers.answers.get(slot);
                    created += answer == PutOutcome.CREATED ? 1 : 0;
                    boolean own = owner == writer;
                    assertTrue(
                            own
                                    ? answer != PutOutcome.EXISTED || answers.unclear.contains(slot)
                                    : answer != PutOutcome.CREATED,
                            "slot %d of writer %d: writer %d heard %s".formatted(slot, owner, writer, answer));
                }
            }
        }
        System.out.printf("restart of the name node: %d commits, errors %s%n", created, heard);
        assertTrue(heard.stream().anyMatch(h -> !h.errors.isEmpty()), "nobody was disturbed");
    }

    /** What one writer was told: the last answer per slot, slots with an unknown one before, errors by type. */
    private record Heard(List<PutOutcome> answers, Set<Integer> unclear, Map<String, Integer> errors) {
        Heard() {
            this(new ArrayList<>(), new TreeSet<>(), new TreeMap<>());
        }

        @Override
        public String toString() {
            return "%s, unknown %s".formatted(errors, unclear);
        }
    }

    /** Goes to the next slot when the one before is taken, by whomever. */
    private Heard commitWhile(CountDownLatch started, AtomicBoolean going, int writer) {
        Heard heard = new Heard();
        int least = LEAST_SLOTS;
        while (going.get() || heard.answers.size() < least) {
            int slot = heard.answers.size();
            try {
                PutOutcome outcome = store.putIfAbsent(path(slot), Stamped.content(writer, OBJECT_BYTES));
                if (outcome == PutOutcome.UNKNOWN) {
                    heard.unclear.add(slot);
                } else {
                    heard.answers.add(outcome);
                    if (slot == LEAST_SLOTS) {
                        started.countDown();
                    }
                }
            } catch (IOException e) {
                heard.errors.merge(e.getClass().getSimpleName(), 1, Integer::sum);
                least = slot + LEAST_SLOTS;
            }
        }
        return heard;
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
