package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.ScopedObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Publishers and readers both ask for the boundary, and both must. */
class ExpiryTest {
    private static final int HISTORIES = 300;

    private static String firstViolation(Protections protections, String what, int histories) throws Exception {
        long seed = Seeds.of("ExpiryTest." + what);
        for (int i = 0; i < histories; i++) {
            ExpiryHistory history = new ExpiryHistory(Seeds.derive(seed, i), protections);
            Optional<String> wrong;
            try {
                wrong = history.run();
            } catch (IllegalStateException | StreamhouseException e) {
                // a chain whose links do not fit is a violation like any other, whoever notices it
                wrong = Optional.of(e.getMessage());
            }
            if (wrong.isPresent()) {
                return "history %d: %s".formatted(i, wrong.get());
            }
        }
        return "";
    }

    @Test
    void whatWasAcknowledgedIsInTheTableOnce() throws Exception {
        assertEquals("", firstViolation(Protections.ALL, "all rules", HISTORIES));
    }

    @Test
    void aPublisherThatDoesNotAskForTheBoundaryLosesCommits() throws Exception {
        Protections rest = Protections.without(Protection.PUBLISHERS_ASK_FOR_BOUNDARY);
        assertTrue(
                firstViolation(rest, "publisher does not ask", 10 * HISTORIES).contains(":"));
    }

    @Test
    void aReaderThatDoesNotAskForTheBoundaryLosesCommits() throws Exception {
        Protections rest = Protections.without(Protection.READERS_ASK_FOR_BOUNDARY);
        assertTrue(firstViolation(rest, "reader does not ask", 10 * HISTORIES).contains(":"));
    }

    private static void expireThrough(ObjectStore table, long through) throws Exception {
        table.putIfAbsent(BoundaryChain.path(1), BoundaryCodec.write(new Boundary(through, 0), BoundaryChain.path(1)));
        for (long id = 1; id <= through; id++) {
            table.delete(SnapshotSlots.path(id));
        }
    }

    @Test
    void expiredSnapshotsAreNamedWithTheEarliestThatIsLeft() throws Exception {
        ManualClock clock = ManualClock.atMillis(1_000);
        ObjectStore store = ObjectStores.memory();
        Components components = TestWorld.components(store, 1, clock);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        Optional<Snapshot> head = Optional.empty();
        for (int n = 1; n <= 9; n++) {
            clock.advance(Duration.ofSeconds(n == 5 ? -60 : 1)); // the clock may fall, commit times never do
            UUID delta = new UUID(0, n);
            chain.publish(
                    head, TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 1, 1)), List.of()));
            head = chain.latest();
        }
        List<Long> times = chain.list(1, 9).stream().map(Snapshot::timeMillis).toList();
        assertEquals(times.stream().sorted().toList(), times);
        assertEquals(1, chain.earliestId().orElseThrow());
        assertEquals(2, chain.atOrBefore(times.get(1)).orElseThrow().id());
        assertEquals(2, chain.atOrBefore(times.get(1) + 999).orElseThrow().id());
        assertEquals(Optional.empty(), chain.atOrBefore(times.get(0) - 1));
        assertEquals(9, chain.atOrBefore(Long.MAX_VALUE).orElseThrow().id());

        expireThrough(new ScopedObjectStore(store, "shop.db/orders"), 4);
        for (SnapshotChain reader :
                List.of(chain, TestWorld.openTable(components).snapshots())) {
            assertEquals(9, reader.latest().orElseThrow().id());
            assertEquals(OptionalLong.of(5), reader.earliestId());
            CatalogContract.assertRefused(ErrorCode.SNAPSHOT_EXPIRED, "is 5", () -> reader.snapshot(4));
            CatalogContract.assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, "is 9", () -> reader.snapshot(10));
            assertEquals(5, reader.snapshot(5).id());
            assertEquals(
                    List.of(5L, 6L),
                    reader.list(1, 6).stream().map(Snapshot::id).toList());
            assertEquals(Optional.empty(), reader.atOrBefore(times.get(3) - 1));
            assertEquals(9, reader.tree(reader.snapshot(9)).entries().size());
            assertEquals(2, reader.treeSince(reader.snapshot(9), 7).entries().size());
            // The base of a writer may have expired.
            assertEquals(7, reader.treeSince(reader.snapshot(9), 2).entries().size());
        }
    }

    @Test
    void aHintThatIsStaleGoneOrNonsenseDecidesNothing() throws Exception {
        ObjectStore store = ObjectStores.memory();
        Components components = TestWorld.components(store, 2);
        SnapshotChain chain = TestWorld.newTable(components).snapshots();
        for (int n = 1; n <= 7; n++) {
            UUID delta = new UUID(0, n);
            chain.publish(
                    chain.latest(),
                    TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 1, 1)), List.of()));
        }
        assertEquals(1, chain.stats().hints(), "the clock stands, so one hint was written");
        expireThrough(new ScopedObjectStore(store, "shop.db/orders"), 3);
        for (String hint : List.of("1", "5", "7", "8", "99999", "0", "-3", "", "x", "7".repeat(40))) {
            store.put("shop.db/orders/" + SnapshotHint.PATH, hint.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            SnapshotChain reader = TestWorld.openTable(components).snapshots();
            assertEquals(7, reader.latest().orElseThrow().id(), "hint '" + hint + "'");
        }
        store.delete("shop.db/orders/" + SnapshotHint.PATH);
        assertEquals(
                7,
                TestWorld.openTable(components)
                        .snapshots()
                        .latest()
                        .orElseThrow()
                        .id());
    }
}
