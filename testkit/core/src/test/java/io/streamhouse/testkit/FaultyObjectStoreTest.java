package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FaultyObjectStoreTest {
    private final ObjectStore behind = ObjectStores.memory();

    @Test
    void anErrorBeforeLeavesNothing() throws IOException {
        FaultyObjectStore store = new FaultyObjectStore(behind, (call, path) -> Optional.of(Fault.ERROR_BEFORE));
        for (Executable call : List.<Executable>of(
                () -> store.put("a", bytes("x")),
                () -> store.putIfAbsent("a", bytes("x")),
                () -> stream(store, "a", "x"),
                () -> store.read("a"),
                () -> store.size("a"),
                () -> store.list(""),
                () -> store.delete("a"))) {
            InjectedException e = assertThrows(InjectedException.class, call);
            assertFalse(e instanceof CrashedException);
        }
        assertEquals(List.of(), behind.list(""));
        assertEquals(7, store.report().count(Fault.ERROR_BEFORE));
        assertEquals(0, store.report().shareAppliedUnanswered());
    }

    @Test
    void aLostResponseOfAConditionalPutIsUnknownThoughItWasApplied() throws IOException {
        FaultyObjectStore store = failing(StoreCall.PUT_IF_ABSENT, Fault.RESPONSE_LOST);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", bytes("mine")));
        assertArrayEquals(bytes("mine"), store.read("a"));
        assertEquals(PutOutcome.EXISTED, store.putIfAbsent("a", bytes("other")));
        assertEquals(1, store.report().appliedUnanswered());
        assertEquals(1.0, store.report().shareAppliedUnanswered());
    }

    @Test
    void aLostResponseOfALostRaceCountsAsNotApplied() throws IOException {
        behind.put("a", bytes("theirs"));
        FaultyObjectStore store = failing(StoreCall.PUT_IF_ABSENT, Fault.RESPONSE_LOST);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", bytes("mine")));
        assertArrayEquals(bytes("theirs"), behind.read("a"));
        assertEquals(1, store.report().count(Fault.RESPONSE_LOST));
        assertEquals(0, store.report().appliedUnanswered());
    }

    @Test
    void aLostResponseOfAnyOtherCallIsAnErrorThoughItWasApplied() throws IOException {
        FaultyObjectStore puts = failing(StoreCall.PUT, Fault.RESPONSE_LOST);
        assertThrows(InjectedException.class, () -> puts.put("put", bytes("put")));
        FaultyObjectStore commits = failing(StoreCall.COMMIT, Fault.RESPONSE_LOST);
        assertThrows(InjectedException.class, () -> stream(commits, "stream", "stream"));
        FaultyObjectStore deletes = failing(StoreCall.DELETE, Fault.RESPONSE_LOST);
        behind.put("deleted", bytes("x"));
        assertThrows(InjectedException.class, () -> deletes.delete("deleted"));
        assertArrayEquals(bytes("put"), behind.read("put"));
        assertArrayEquals(bytes("stream"), behind.read("stream"));
        assertEquals(-1, behind.size("deleted"));
    }

    @Test
    void aCrashedConnectionIsDeadForEverAndANewOneLives() throws IOException {
        for (Fault crash : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
            String path = "snapshot/" + crash;
            FaultyObjectStore store = failing(StoreCall.PUT_IF_ABSENT, crash);
            ObjectOutput open = store.create("open");
            assertThrows(CrashedException.class, () -> store.putIfAbsent(path, bytes("x")));
            assertTrue(store.isCrashed());
            for (Executable call : List.<Executable>of(
                    () -> store.read("a"),
                    () -> store.size("a"),
                    () -> store.list(""),
                    () -> store.listDirectories(""),
                    () -> store.put("a", bytes("x")),
                    () -> store.create("a"),
                    () -> open.write(bytes("x"), 0, 1),
                    open::commit,
                    () -> store.delete("a"),
                    () -> store.deleteDirectory("a"))) {
                assertThrows(CrashedException.class, call);
            }
            open.close();
            FaultyObjectStore restarted = store.connect();
            assertEquals(crash == Fault.CRASH_AFTER ? 1 : -1, restarted.size(path));
            assertFalse(restarted.isCrashed());
            assertEquals(-1, behind.size("open"));
        }
    }

    @Test
    void anAppliedLaterPutArrivesAfterLaterCallsOfAnybody() throws IOException {
        FaultyObjectStore store = failing(StoreCall.PUT, Fault.APPLIED_LATER);
        assertThrows(InjectedException.class, () -> store.put("hint", bytes("old")));
        store.crash();
        FaultyObjectStore other = store.connect();
        other.put("hint", bytes("new"));
        assertArrayEquals(bytes("new"), other.read("hint"));
        assertArrayEquals(bytes("old"), other.read("hint"), "the delay is 3 calls");
        assertEquals(0, other.settle());
    }

    @Test
    void anAppliedLaterConditionalPutCanLoseItsSlotMeanwhile() throws IOException {
        FaultyObjectStore store = failing(StoreCall.PUT_IF_ABSENT, Fault.APPLIED_LATER);
        assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("a", bytes("late")));
        assertEquals(-1, behind.size("a"));
        assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", bytes("early")));
        assertEquals(1, store.settle());
        assertArrayEquals(bytes("early"), behind.read("a"));
    }

    @Test
    void withThePowerGoWhatIsUnderWayAndNothingThatWasAcknowledged() throws IOException {
        for (boolean isLost : new boolean[] {true, false}) {
            ObjectStore behind = ObjectStores.memory();
            FaultyObjectStore store =
                    new FaultyObjectStore(behind, FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "b", Fault.APPLIED_LATER));
            FaultyObjectStore other = store.connect();
            assertEquals(PutOutcome.CREATED, store.putIfAbsent("a", bytes("stands")));
            assertEquals(PutOutcome.UNKNOWN, store.putIfAbsent("b", bytes("under way")));
            assertEquals(1, store.underWay());
            assertEquals(0, other.losePower(() -> true), "it is the other machine's");
            assertEquals(isLost ? 1 : 0, store.losePower(() -> isLost));
            assertTrue(store.isCrashed() && other.isCrashed());
            assertEquals(isLost ? 0 : 1, store.settle());
            assertEquals(isLost ? -1 : 9, behind.size("b"));
            assertArrayEquals(bytes("stands"), behind.read("a"));
        }
    }

    @Test
    void anAppliedLaterStreamOutlivesItsClose() throws IOException {
        FaultyObjectStore store = failing(StoreCall.COMMIT, Fault.APPLIED_LATER);
        assertThrows(InjectedException.class, () -> stream(store, "a", "late"));
        assertEquals(-1, behind.size("a"));
        assertEquals(1, store.settle());
        assertArrayEquals(bytes("late"), behind.read("a"));
    }

    @Test
    void aCallUnderWayHoldsTheBytesOfItsTime() throws IOException {
        FaultyObjectStore store = failing(StoreCall.PUT_IF_ABSENT, Fault.APPLIED_LATER);
        byte[] bytes = bytes("before");
        store.putIfAbsent("a", bytes);
        bytes[0] = 'X';
        store.settle();
        assertArrayEquals(bytes("before"), behind.read("a"));
    }

    @Test
    void aStoreMayDoACallTwiceBeFullReadWronglyAndListLate() throws IOException {
        ObjectStore behind = ObjectStores.memory();
        FaultyObjectStore twice =
                new FaultyObjectStore(behind, FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "a", Fault.DONE_TWICE));
        assertEquals(PutOutcome.EXISTED, twice.putIfAbsent("d/a", bytes("own")));
        assertArrayEquals(bytes("own"), behind.read("d/a"));
        FaultyObjectStore full = new FaultyObjectStore(behind, FaultPolicy.at(1, StoreCall.PUT, "b", Fault.NO_SPACE));
        assertThrows(StreamhouseException.class, () -> full.put("d/b", bytes("x")));
        assertEquals(-1, behind.size("d/b"));
        FaultyObjectStore wrong =
                new FaultyObjectStore(behind, FaultPolicy.at(1, StoreCall.READ, "a", Fault.FLIPPED_BIT));
        assertFalse(Arrays.equals(bytes("own"), wrong.read("d/a")));
        assertArrayEquals(bytes("own"), wrong.read("d/a"));
        FaultyObjectStore late =
                new FaultyObjectStore(behind, FaultPolicy.at(2, StoreCall.LIST, "d", Fault.STALE_LISTING));
        assertEquals(1, late.list("d").size());
        behind.put("d/c", bytes("x"));
        assertEquals(1, late.list("d").size());
        assertEquals(2, late.list("d").size());
    }

    @Test
    void equalSeedsGiveEqualRunsAndOthersDoNot() throws IOException {
        long seed = Seeds.of("FaultyObjectStoreTest");
        FaultRates rates = FaultRates.NONE
                .with(Fault.ERROR_BEFORE, 0.1)
                .with(Fault.RESPONSE_LOST, 0.1)
                .with(Fault.APPLIED_LATER, 0.1)
                .with(Fault.CRASH_BEFORE, 0.05)
                .with(Fault.CRASH_AFTER, 0.05)
                .withReadError(0.1)
                .with(Fault.FLIPPED_BIT, 0.1)
                .with(Fault.STALE_LISTING, 0.1)
                .with(Fault.DONE_TWICE, 0.1);
        Run first = run(seed, rates);
        assertEquals(first, run(seed, rates));
        assertNotEquals(first.trace, run(seed + 1, rates).trace);
    }

    @Test
    void randomFaultsComeAtTheirRates() throws IOException {
        FaultRates rates = FaultRates.NONE
                .with(Fault.ERROR_BEFORE, 0.05)
                .with(Fault.RESPONSE_LOST, 0.2)
                .with(Fault.APPLIED_LATER, 0.1);
        FaultyObjectStore store = new FaultyObjectStore(ObjectStores.memory(), FaultPolicy.random(42, rates));
        int calls = 20_000;
        for (int i = 0; i < calls; i++) {
            try {
                store.putIfAbsent("a/" + i, bytes("x"));
            } catch (InjectedException e) {
                // counted by the store
            }
        }
        FaultReport report = store.report();
        assertEquals(calls, report.calls());
        assertEquals(0.05, (double) report.count(Fault.ERROR_BEFORE) / calls, 0.01);
        assertEquals(0.20, (double) report.count(Fault.RESPONSE_LOST) / calls, 0.01);
        assertEquals(0.10, (double) report.count(Fault.APPLIED_LATER) / calls, 0.01);
        assertEquals(0, report.count(Fault.CRASH_AFTER));
        assertEquals(report.count(Fault.RESPONSE_LOST), report.appliedUnanswered());
        assertEquals(0.2 / 0.35, report.shareAppliedUnanswered(), 0.03);
        assertEquals(2 * report.total(), report.plus(report).total());
    }

    @Test
    void readsMeetOnlyFaultsThatFitThem() throws IOException {
        behind.put("a", bytes("x"));
        FaultyObjectStore store = new FaultyObjectStore(behind, (call, path) -> Optional.of(Fault.RESPONSE_LOST));
        assertArrayEquals(bytes("x"), store.read("a"));
        assertEquals(0, store.report().total());
    }

    @Test
    void ratesThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FaultRates.NONE.withReadError(1.1));
        assertThrows(IllegalArgumentException.class, () -> FaultRates.NONE.withReadError(Double.NaN));
        assertThrows(
                IllegalArgumentException.class,
                () -> FaultRates.NONE.with(Fault.ERROR_BEFORE, 0.6).with(Fault.RESPONSE_LOST, 0.6));
    }

    private record Run(long trace, FaultReport report, List<String> stored) {}

    private static Run run(long seed, FaultRates rates) throws IOException {
        ObjectStore behind = ObjectStores.memory();
        FaultyObjectStore store = new FaultyObjectStore(behind, FaultPolicy.random(seed, rates));
        var random = Seeds.random(Seeds.derive(seed, 1));
        for (int i = 0; i < 500; i++) {
            String path = "p/" + random.nextInt(20);
            try {
                switch (random.nextInt(5)) {
                    case 0 -> store.put(path, bytes("put" + i));
                    case 1 -> store.putIfAbsent(path, bytes("putIfAbsent" + i));
                    case 2 -> stream(store, path, "stream" + i);
                    case 3 -> store.size(path);
                    default -> store.delete(path);
                }
            } catch (CrashedException e) {
                store = store.connect();
            } catch (InjectedException e) {
                // the answer is lost, the run goes on
            }
        }
        store.settle();
        List<String> stored = new ArrayList<>();
        for (var info : behind.list("")) {
            stored.add(info.path() + "=" + new String(behind.read(info.path()), StandardCharsets.UTF_8));
        }
        return new Run(store.traceHash(), store.report(), stored);
    }

    private FaultyObjectStore failing(StoreCall call, Fault fault) {
        return new FaultyObjectStore(behind, FaultPolicy.at(1, call, "", fault));
    }

    private static void stream(ObjectStore store, String path, String content) throws IOException {
        try (ObjectOutput output = store.create(path)) {
            output.write(bytes(content), 0, content.length());
            output.commit();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
