package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.Racing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitProbeTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger calls = new AtomicInteger();

    /** How a planted store answers a conditional put. */
    private interface Put {
        PutOutcome answer(Planted store, String path, byte[] bytes) throws IOException;
    }

    /** What goes wrong, or is noted, at another call. */
    private interface Hook {
        void at(Planted store, String path) throws IOException;
    }

    /** Memory that counts its calls and does some of them in another way. */
    private final class Planted extends ForwardingObjectStore {
        private final Put put;
        private Hook beforeRead = (store, path) -> {};
        private Hook beforeDelete = (store, path) -> {};
        private Hook afterDelete = (store, path) -> {};

        Planted(Put put) {
            super(ObjectStores.memory());
            this.put = put;
        }

        @Override
        public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
            calls.incrementAndGet();
            return put.answer(this, path, bytes);
        }

        PutOutcome rightAnswer(String path, byte[] bytes) throws IOException {
            return super.putIfAbsent(path, bytes);
        }

        @Override
        public byte[] read(String path) throws IOException {
            beforeRead.at(this, path);
            calls.incrementAndGet();
            return super.read(path);
        }

        @Override
        public boolean delete(String path) throws IOException {
            beforeDelete.at(this, path);
            calls.incrementAndGet();
            boolean was = super.delete(path);
            afterDelete.at(this, path);
            return was;
        }
    }

    private Planted right() {
        return new Planted(Planted::rightAnswer);
    }

    /** One whose right answers to the puts of a race arrive as another. */
    private Planted racing(String race, UnaryOperator<PutOutcome> told) {
        return new Planted((store, path, bytes) -> {
            PutOutcome outcome = store.rightAnswer(path, bytes);
            return path.contains(race) ? told.apply(outcome) : outcome;
        });
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private void probe(ObjectStore store) throws IOException {
        new CommitProbe(store, Optional.of(threads)).run("probe/1");
    }

    private void assertFoundOut(ObjectStore store, String words) throws IOException {
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> probe(store));
        assertEquals(ErrorCode.NO_COMMIT_PRIMITIVE, e.code());
        assertTrue(e.getMessage().contains(words) && e.getMessage().contains(store.uri()), e.getMessage());
        assertEquals(List.of(), store.list(""));
    }

    @Racing
    void aRightStorePassesForFewCallsAndKeepsNothing() throws IOException {
        ObjectStore store = right();
        probe(store);
        assertEquals(List.of(), store.list(""));
        assertEquals(2 + 1 + 2 * (8 + 1) + 3, calls.get());
        calls.set(0);
        new CommitProbe(store, Optional.empty()).run("probe/2");
        assertEquals(2 + 1 + 1, calls.get());
    }

    @Test
    void aStoreThatOverwritesIsFoundOut() throws IOException {
        assertFoundOut(
                new Planted((store, path, bytes) -> {
                    store.put(path, bytes);
                    return PutOutcome.CREATED;
                }),
                "lets a second writer replace");
    }

    @Racing
    void aStoreThatLooksBeforeItWritesIsFoundOutByTheRace() throws IOException {
        // two have looked before either writes; a race that is not side by side never gets there
        CountDownLatch looked = new CountDownLatch(2);
        assertFoundOut(
                new Planted((store, path, bytes) -> {
                    if (store.size(path) >= 0) {
                        return PutOutcome.EXISTED;
                    }
                    if (path.endsWith("/race-0")) {
                        looked.countDown();
                        await(looked);
                    }
                    store.put(path, bytes);
                    return PutOutcome.CREATED;
                }),
                "at once");
    }

    @Racing
    void aStoreThatKeepsTheLosersObjectIsFoundOutByTheRace() throws IOException {
        assertFoundOut(
                new Planted((store, path, bytes) -> {
                    PutOutcome outcome = store.rightAnswer(path, bytes);
                    if (outcome == PutOutcome.EXISTED && path.contains("/race-")) {
                        store.put(path, bytes);
                    }
                    return outcome;
                }),
                "keeps another object");
    }

    @Test
    void answersThatAreUnknownAreNoReasonToRefuse() throws IOException {
        AtomicInteger races = new AtomicInteger();
        ObjectStore store = new Planted((planted, path, bytes) -> {
            PutOutcome outcome = planted.rightAnswer(path, bytes);
            if (races.incrementAndGet() % 3 == 0) {
                throw new IOException("the answer is lost");
            }
            return outcome;
        });
        probe(store);
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void aRaceWhoseAnswersAreAllLostIsLeftOpen() throws IOException {
        for (int told : List.of(0, 1)) {
            AtomicInteger answered = new AtomicInteger();
            assertFoundOut(
                    racing("/race-1", answer -> answered.getAndIncrement() >= told ? PutOutcome.UNKNOWN : answer),
                    "try again");
        }
    }

    @Test
    void twoAnswersOfARaceDecideItAndTheObjectTellsTheWinner() throws IOException {
        AtomicInteger losers = new AtomicInteger();
        ObjectStore store = racing(
                "/race-1",
                answer -> answer == PutOutcome.EXISTED && losers.incrementAndGet() <= 2 ? answer : PutOutcome.UNKNOWN);
        Executor oneByOne = Runnable::run;
        new CommitProbe(store, Optional.of(oneByOne)).run("probe/1");
        assertEquals(List.of(), store.list(""));
    }

    /** As behind a proxy that repeats requests: the second try of the winner finds what the first has put. */
    @Racing
    void aRightStoreThatTellsItsWinnersThatTheyLostPasses() throws IOException {
        ObjectStore store = new Planted((planted, path, bytes) -> {
            planted.rightAnswer(path, bytes);
            return planted.rightAnswer(path, bytes);
        });
        probe(store);
        assertEquals(List.of(), store.list(""));
        Catalog catalog = Catalogs.open(TestWorld.components(store, 1));
        catalog.createDatabase("shop", false);
        assertEquals(
                TestWorld.schema(),
                catalog.createTable(TestWorld.ORDERS, TestWorld.schema()).schema());
    }

    /** The same store refuses the first put of the race in which the writers read back, before there is anything to read. */
    @Test
    void aRefusedPutBeforeAllOthersForgetsNothing() throws IOException {
        AtomicInteger again = new AtomicInteger();
        ObjectStore store = new Planted((planted, path, bytes) -> {
            if (path.endsWith("/race-again") && again.getAndIncrement() == 0) {
                return PutOutcome.UNKNOWN;
            }
            planted.rightAnswer(path, bytes);
            return planted.rightAnswer(path, bytes);
        });
        Executor oneByOne = Runnable::run;
        new CommitProbe(store, Optional.of(oneByOne)).run("probe/1");
        assertEquals(8, again.get());
        assertEquals(List.of(), store.list(""));
    }

    /** One writer after the other, so that each finds its own object for certain. */
    @Test
    void aStoreThatOverwritesInRacesAndTellsNobodyThatItHasWonIsFoundOut() {
        ObjectStore store = new Planted((planted, path, bytes) -> {
            if (path.contains("/race-")) {
                planted.put(path, bytes);
                return PutOutcome.EXISTED;
            }
            return planted.rightAnswer(path, bytes);
        });
        Executor oneByOne = Runnable::run;
        StreamhouseException e = assertThrows(
                StreamhouseException.class, () -> new CommitProbe(store, Optional.of(oneByOne)).run("probe/1"));
        assertEquals(ErrorCode.NO_COMMIT_PRIMITIVE, e.code());
        assertTrue(e.getMessage().contains("tells 8 writers at once"), e.getMessage());
    }

    @Test
    void aStoreThatForgetsIsFoundOut() throws IOException {
        for (String forgotten : List.of("/twice", "/race-1")) {
            Planted store = right();
            store.beforeRead = (planted, path) -> {
                if (path.endsWith(forgotten)) {
                    planted.delete(path);
                }
            };
            assertFoundOut(store, "forgets");
        }
    }

    /** One writer of the first race fails at once, those of the second write when everybody has ended it. */
    @Test
    void noPutArrivesAfterTheObjectsWereDeleted() throws Exception {
        CountDownLatch deleted = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(8);
        Planted store = new Planted((planted, path, bytes) -> {
            if (path.endsWith("/race-0")) {
                throw new StreamhouseException(ErrorCode.NO_PERMISSION, "planted");
            }
            if (!path.endsWith("/race-1")) {
                return planted.rightAnswer(path, bytes);
            }
            try {
                deleted.await(300, TimeUnit.MILLISECONDS);
                return planted.rightAnswer(path, bytes);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                ended.countDown();
            }
        });
        store.afterDelete = (planted, path) -> {
            if (path.endsWith("/race-1")) {
                deleted.countDown();
            }
        };
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> probe(store));
        assertEquals(ErrorCode.NO_PERMISSION, e.code());
        await(ended);
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void aDeleteThatFailsLeavesNoOtherObjectBehind() throws IOException {
        Planted store = right();
        store.beforeDelete = (planted, path) -> {
            if (path.endsWith("/twice")) {
                throw new IOException("planted");
            }
        };
        assertThrows(IOException.class, () -> probe(store));
        assertEquals(
                List.of("probe/1/twice"),
                store.list("").stream().map(ObjectInfo::path).toList());
    }

    @Test
    void aPoolThatTakesNoMoreTasksLeavesNothingBehind() throws IOException {
        AtomicInteger tasks = new AtomicInteger();
        ObjectStore store = right();
        Executor full = task -> {
            if (tasks.incrementAndGet() > 5) {
                throw new RejectedExecutionException("planted");
            }
            threads.execute(task);
        };
        assertThrows(RejectedExecutionException.class, () -> new CommitProbe(store, Optional.of(full)).run("probe/1"));
        assertEquals(List.of(), store.list(""));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
