package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultRates;
import io.streamhouse.testkit.FaultReport;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A commit is one put, whatever the store answers. */
class PublishTest {
    private final ObjectStore store = ObjectStores.memory();
    private final Table table;

    PublishTest() throws Exception {
        table = TestWorld.newTable(TestWorld.components(store, 1));
    }

    private static SnapshotDraft draft(int n) {
        UUID delta = new UUID(9, n);
        return TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 10, 1)), List.of());
    }

    private SnapshotChain through(FaultPolicy policy) throws Exception {
        return TestWorld.openTable(TestWorld.components(new FaultyObjectStore(store, policy), 77))
                .snapshots();
    }

    @Test
    void aLostRaceNamesTheNewHeadAndLeavesNothing() throws Exception {
        SnapshotChain chain = table.snapshots();
        SnapshotChain other =
                TestWorld.openTable(TestWorld.components(store, 2)).snapshots();
        Optional<Snapshot> head = chain.latest();
        assertInstanceOf(CommitOutcome.Committed.class, other.publish(other.latest(), draft(1)));
        assertInstanceOf(CommitOutcome.Committed.class, other.publish(other.latest(), draft(2)));
        UUID file = new UUID(5, 5);
        SnapshotDraft large = TestWorld.append(
                TestWorld.batch(file),
                List.of(TestWorld.file(file, 90_000, 1)),
                List.of(new FileMask(
                        file,
                        java.util.stream.IntStream.range(0, 9_000)
                                .map(i -> i * 9)
                                .toArray())));
        CommitOutcome outcome = chain.publish(head, large);
        assertEquals(
                2,
                assertInstanceOf(CommitOutcome.HeadMoved.class, outcome).head().id());
        assertEquals(1, chain.stats().conflicts());
        assertEquals(List.of(), store.list("shop.db/orders/mask"));
        outcome = chain.publish(chain.latest(), large);
        Snapshot made = assertInstanceOf(CommitOutcome.Committed.class, outcome).snapshot();
        assertEquals(3, made.id());
        assertEquals(3, made.tree().segments().get(0).fromSnapshot());
        assertEquals(1, store.list("shop.db/orders/mask").size());
    }

    @Test
    void aChildNamesItsParentsChecksum() throws Exception {
        SnapshotChain chain = table.snapshots();
        for (int n = 1; n <= 3; n++) {
            chain.publish(chain.latest(), draft(n));
        }
        assertEquals(0, chain.snapshot(1).header().parentCrc());
        for (int id = 2; id <= 3; id++) {
            byte[] parent = store.read("shop.db/orders/" + SnapshotSlots.path(id - 1));
            assertEquals(
                    SnapshotCodec.crcOfFirstLine(parent),
                    chain.snapshot(id).header().parentCrc());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"ERROR_BEFORE", "RESPONSE_LOST", "APPLIED_LATER"})
    void anUnknownAnswerOfTheCommitIsReadBack(Fault fault) throws Exception {
        SnapshotChain chain = through(FaultPolicy.at(2, StoreCall.PUT_IF_ABSENT, "/snapshot/", fault));
        assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft(1)));
        CommitOutcome outcome = chain.publish(chain.latest(), draft(2));
        assertEquals(
                2,
                assertInstanceOf(CommitOutcome.Committed.class, outcome)
                        .snapshot()
                        .id());
        assertTrue(chain.stats().readbacks() > 0);
        assertEquals(20, table.snapshots().latest().orElseThrow().totals().rowCount());
    }

    @Test
    void aLostAnswerToALostRaceIsALostRace() throws Exception {
        SnapshotChain chain = through(FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "/snapshot/", Fault.RESPONSE_LOST));
        Optional<Snapshot> head = chain.latest();
        table.snapshots().publish(table.snapshots().latest(), draft(1));
        CommitOutcome outcome = chain.publish(head, draft(2));
        assertEquals(
                1,
                assertInstanceOf(CommitOutcome.HeadMoved.class, outcome).head().id());
    }

    @Test
    void aHintThatCannotBeWrittenIsNoMatter() throws Exception {
        SnapshotChain chain = through(FaultPolicy.at(1, StoreCall.PUT, "/snapshot/hint", Fault.ERROR_BEFORE));
        assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft(1)));
        assertEquals(0, chain.stats().hints());
    }

    @Test
    void aCommitWhoseOutcomeNobodyKnowsIsFoundByTheNextTry() throws Exception {
        // The put is applied, and then the store does not answer a single question.
        boolean[] silent = new boolean[1];
        SnapshotChain chain = through((call, path) -> {
            if (call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/")) {
                silent[0] = true;
                return Optional.of(Fault.RESPONSE_LOST);
            }
            return silent[0] ? Optional.of(Fault.ERROR_BEFORE) : Optional.empty();
        });
        assertThrows(IOException.class, () -> chain.publish(chain.latest(), draft(1)));
        SnapshotChain next = table.snapshots();
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, next.publish(next.latest(), draft(1)));
        assertEquals(10, next.latest().orElseThrow().totals().rowCount());
    }

    @Test
    void underRandomFaultsEveryDeltaIsCommittedOnceAndInOrder() throws Exception {
        long seed = Seeds.of("PublishTest.faults");
        FaultRates rates = FaultRates.NONE
                .with(Fault.ERROR_BEFORE, 0.1)
                .with(Fault.RESPONSE_LOST, 0.25)
                .with(Fault.APPLIED_LATER, 0.1)
                .withReadError(0.05);
        FaultyObjectStore faulty = new FaultyObjectStore(store, FaultPolicy.random(seed, rates));
        SnapshotChain chain = null;
        SeededIds ids = new SeededIds(seed);
        List<UUID> handedOver = new ArrayList<>();
        int tries = 0;
        while (handedOver.size() < 150) {
            UUID delta = ids.next();
            Optional<UUID> predecessor =
                    handedOver.isEmpty() ? Optional.empty() : Optional.of(handedOver.get(handedOver.size() - 1));
            DeltaIdentity identity = new DeltaIdentity("job", 0, handedOver.size() + 1, delta, predecessor, false);
            List<FileMask> masks = handedOver.isEmpty()
                    ? List.of()
                    : List.of(new FileMask(handedOver.get(0), new int[] {handedOver.size()}));
            SnapshotDraft draft = TestWorld.append(identity, List.of(TestWorld.file(delta, 200, 16)), masks);
            boolean done = false;
            while (!done) {
                assertTrue(tries++ < 10_000, "no end of tries");
                try {
                    if (chain == null) {
                        chain = TestWorld.openTable(TestWorld.components(faulty, Seeds.derive(seed, tries)))
                                .snapshots();
                    }
                    CommitOutcome outcome = chain.publish(chain.latest(), draft);
                    done = !(outcome instanceof CommitOutcome.HeadMoved);
                    assertTrue(
                            !done
                                    || outcome instanceof CommitOutcome.Committed
                                    || outcome instanceof CommitOutcome.AlreadyCommitted,
                            outcome.toString());
                } catch (IOException e) {
                    chain = tries % 3 == 0 ? null : chain; // now and then the process starts anew
                }
            }
            handedOver.add(delta);
        }
        faulty.settle();
        FaultReport report = faulty.report();
        System.out.println("PublishTest: " + report);
        assertTrue(report.count(Fault.RESPONSE_LOST) > 20, report.toString());
        Snapshot head = table.snapshots().latest().orElseThrow();
        List<UUID> held = new ArrayList<>();
        for (FileEntry entry : table.snapshots().tree(head).entries()) {
            held.add(entry.file().object().id());
        }
        assertEquals(handedOver, held);
        assertEquals(150, head.id(), "ids are dense, none of them in vain");
        assertEquals(150 * 200 - 149, head.totals().rowCount());
    }

    @Test
    void aCompactionGoesThroughOnlyOverLiveInputs() throws Exception {
        SnapshotChain chain = table.snapshots();
        chain.publish(chain.latest(), draft(1));
        chain.publish(chain.latest(), draft(2));
        UUID a = new UUID(9, 1);
        UUID b = new UUID(9, 2);
        UUID output = new UUID(9, 3);
        SnapshotDraft compaction = TestWorld.compact(List.of(TestWorld.file(output, 20, 1)), Set.of(a, b), List.of());
        Snapshot made = assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), compaction))
                .snapshot();
        assertEquals(SnapshotKind.COMPACT, made.kind());
        assertEquals(Snapshot.Author.NOBODY, made.author());
        assertEquals(made.id(), made.tree().lastRemovalIn());
        assertEquals(20, made.totals().rowCount());
        assertEquals(1, chain.tree(made).entries().size());
        assertEquals(0, chain.treeSince(made, 2).since(), "whoever knows an older state must load the tree anew");
        assertEquals(3, chain.treeSince(made, 3).since());
        SnapshotDraft other =
                TestWorld.compact(List.of(TestWorld.file(new UUID(9, 4), 20, 1)), Set.of(a, b), List.of());
        assertEquals(
                ErrorCode.WRITE_CONFLICT,
                assertInstanceOf(CommitOutcome.Refused.class, chain.publish(chain.latest(), other))
                        .code());
    }

    @Test
    void aCompactionWhoseOutcomeNobodyKnowsIsFoundByTheNextTry() throws Exception {
        SnapshotChain chain = table.snapshots();
        chain.publish(chain.latest(), draft(1));
        SnapshotDraft compaction =
                TestWorld.compact(List.of(TestWorld.file(new UUID(9, 3), 10, 1)), Set.of(new UUID(9, 1)), List.of());
        boolean[] silent = new boolean[1];
        SnapshotChain unlucky = through((call, path) -> {
            if (call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/")) {
                silent[0] = true;
                return Optional.of(Fault.RESPONSE_LOST);
            }
            return silent[0] ? Optional.of(Fault.ERROR_BEFORE) : Optional.empty();
        });
        assertThrows(IOException.class, () -> unlucky.publish(unlucky.latest(), compaction));
        Optional<Snapshot> head = chain.latest();
        assertEquals(SnapshotKind.COMPACT, head.orElseThrow().kind());
        CommitOutcome again = chain.publish(head, compaction);
        assertEquals(
                head,
                assertInstanceOf(CommitOutcome.AlreadyCommitted.class, again).head());
        assertEquals(2, chain.latest().orElseThrow().id());
    }

    /** A snapshot of the first slot that another publisher made. */
    private byte[] foreignFirst() throws Exception {
        ObjectStore elsewhere = ObjectStores.memory();
        String schema = "shop.db/orders/" + SchemaFiles.path(0);
        elsewhere.put(schema, store.read(schema));
        SnapshotChain chain =
                TestWorld.openTable(TestWorld.components(elsewhere, 3)).snapshots();
        assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft(8)));
        return elsewhere.read("shop.db/orders/" + SnapshotSlots.path(1));
    }

    private static SnapshotDraft withMaskObject(UUID file) {
        int[] positions =
                java.util.stream.IntStream.range(0, 9_000).map(i -> i * 9).toArray();
        return TestWorld.append(
                TestWorld.batch(file),
                List.of(TestWorld.file(file, 90_000, 1)),
                List.of(new FileMask(file, positions)));
    }

    @Test
    void whatWasPublishedBeforeItsSlotExpiredIsNotTakenBack() throws Exception {
        byte[] foreign = foreignFirst();
        boolean[] done = new boolean[2];
        // The put is applied, its answer is lost, and then the publisher stalls until the slot is somebody else's.
        SnapshotChain chain = through((call, path) -> {
            if (call == StoreCall.PUT_IF_ABSENT && path.contains("/snapshot/") && !done[0]) {
                done[0] = true;
                return Optional.of(Fault.RESPONSE_LOST);
            }
            if (done[0] && !done[1] && path.endsWith(SnapshotSlots.path(1))) {
                done[1] = true;
                expireAndRefill(foreign);
            }
            return Optional.empty();
        });
        CommitOutcome outcome = chain.publish(chain.latest(), withMaskObject(new UUID(5, 5)));
        assertTrue(done[1]);
        assertEquals(1, store.list("shop.db/orders/mask").size(), "the live chain names it");
        assertInstanceOf(CommitOutcome.AlreadyCommitted.class, outcome);
        SnapshotChain reader =
                TestWorld.openTable(TestWorld.components(store, 4)).snapshots();
        assertEquals(2, reader.latest().orElseThrow().id());
        assertEquals(2, reader.tree(reader.latest().orElseThrow()).entries().size());
    }

    private void expireAndRefill(byte[] foreign) {
        try {
            SnapshotChain other =
                    TestWorld.openTable(TestWorld.components(store, 2)).snapshots();
            assertInstanceOf(CommitOutcome.Committed.class, other.publish(other.latest(), draft(2)));
            store.put(
                    "shop.db/orders/" + BoundaryChain.path(1),
                    BoundaryCodec.write(new Boundary(1, 0), BoundaryChain.path(1)));
            store.put("shop.db/orders/" + SnapshotSlots.path(1), foreign);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLostRaceAfterALostAnswerDeletesNothing() throws Exception {
        SnapshotChain chain = through(FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "/snapshot/", Fault.RESPONSE_LOST));
        Optional<Snapshot> head = chain.latest();
        table.snapshots().publish(table.snapshots().latest(), draft(1));
        assertInstanceOf(CommitOutcome.HeadMoved.class, chain.publish(head, withMaskObject(new UUID(5, 5))));
        assertEquals(1, store.list("shop.db/orders/mask").size());
    }

    @Test
    void onlyACompactionGoesWithoutAUser() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TestWorld.draft(SnapshotKind.APPEND, Optional.empty(), List.of(), Set.of(), List.of(), 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> TestWorld.draft(
                        SnapshotKind.COMPACT,
                        Optional.of(TestWorld.batch(new UUID(1, 1))),
                        List.of(),
                        Set.of(),
                        List.of(),
                        0));
        assertThrows(
                IllegalArgumentException.class,
                () -> TestWorld.draft(
                        SnapshotKind.FENCE,
                        Optional.of(TestWorld.batch(new UUID(1, 1))),
                        List.of(),
                        Set.of(),
                        List.of(),
                        0));
    }
}
