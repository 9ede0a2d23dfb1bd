package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ManualClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another table's schema or snapshot is told apart, though it fits in every other respect. */
class TableIdentityTest {
    private static final String ORDERS = "shop.db/orders/";
    private static final String OTHERS = "shop.db/others/";
    private static final TableName OTHER = TableName.of("shop", "others");
    private static final Map<String, String> OPTIONS = Map.of("write-buffer-size", "32 mb");

    private final ObjectStore store = ObjectStores.memory();
    private final Catalog catalog = Catalogs.open(TestWorld.components(store, 1));

    /** Two tables of one schema and its change, each with two snapshots. */
    TableIdentityTest() throws IOException {
        catalog.createDatabase("shop", false);
        for (TableName name : List.of(TestWorld.ORDERS, OTHER)) {
            commit(catalog.createTable(name, TestWorld.schema()).snapshots(), name.table(), 1);
            catalog.alterOptions(name, OPTIONS, Set.of());
            commit(catalog.table(name).snapshots(), name.table(), 2);
        }
    }

    private static void commit(SnapshotChain chain, String name, long n) throws IOException {
        UUID delta = new UUID(name.hashCode(), n);
        SnapshotDraft draft =
                TestWorld.append(TestWorld.batch(delta), List.of(TestWorld.file(delta, 10, 1)), List.of());
        assertInstanceOf(CommitOutcome.Committed.class, chain.publish(chain.latest(), draft));
    }

    private Table open() throws IOException {
        return TestWorld.openTable(TestWorld.components(store, 2));
    }

    private void swap(String object) throws IOException {
        store.put(ORDERS + object, store.read(OTHERS + object));
    }

    private static void assertRefused(Executable read, String... objects) {
        StreamhouseException e = assertThrows(StreamhouseException.class, read);
        assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
        for (String object : objects) {
            assertTrue(e.getMessage().contains(object), e.getMessage());
        }
    }

    private Optional<UUID> tableOf(String schema) throws IOException {
        return SchemaCodec.read(store.read(schema), schema).table();
    }

    @Test
    void allSchemasAndSnapshotsOfATableNameIt() throws IOException {
        Optional<UUID> table = tableOf(ORDERS + SchemaFiles.path(0));
        assertTrue(table.isPresent());
        assertEquals(table, tableOf(ORDERS + SchemaFiles.path(1)));
        assertNotEquals(table, tableOf(OTHERS + SchemaFiles.path(0)));
        for (Snapshot snapshot : open().snapshots().list(1, 9)) {
            assertEquals(table, snapshot.header().table());
        }
        assertEquals(TestWorld.schema(), open().schema(0));
    }

    @Test
    void anotherTablesNewestSchemaIsRefusedWithTheFirstSnapshot() throws IOException {
        swap(SchemaFiles.path(1));
        SnapshotChain chain = open().snapshots();
        assertRefused(chain::latest, SchemaFiles.path(1), SnapshotSlots.path(2));
        assertRefused(() -> chain.snapshot(1), SchemaFiles.path(1), SnapshotSlots.path(1));
    }

    @Test
    void anotherTablesOlderSchemaIsRefusedWhenItIsRead() throws IOException {
        swap(SchemaFiles.path(0));
        Table table = open();
        assertEquals(2, table.snapshots().latest().orElseThrow().id());
        assertRefused(() -> table.schema(0), SchemaFiles.path(0));
    }

    @Test
    void anotherTablesSchemaIsNotCarriedOn() throws IOException {
        swap(SchemaFiles.path(1));
        Catalog careful = Catalogs.open(TestWorld.components(store, 3));
        assertRefused(() -> careful.alterOptions(TestWorld.ORDERS, Map.of(), OPTIONS.keySet()), SchemaFiles.path(1));
        assertEquals(2, store.list("shop.db/orders/schema").size());
    }

    @Test
    void anotherTablesSnapshotIsRefused() throws IOException {
        swap(SnapshotSlots.path(2));
        assertRefused(() -> open().snapshots().latest(), SnapshotSlots.path(2));
    }

    @Test
    void whoHoldsATableThatWasMadeAnewIsToldSo() throws IOException {
        SnapshotChain stale = open().snapshots();
        catalog.dropTable(TestWorld.ORDERS, false);
        commit(catalog.createTable(TestWorld.ORDERS, TestWorld.schema()).snapshots(), "anew", 1);
        assertRefused(stale::latest, "the table was made anew");
    }

    private Catalog at(ManualClock clock, long seed) {
        return Catalogs.open(TestWorld.components(store, seed, clock));
    }

    private void makeAnew() throws IOException {
        catalog.dropTable(TestWorld.ORDERS, false);
        commit(catalog.createTable(TestWorld.ORDERS, TestWorld.schema()).snapshots(), "anew", 1);
    }

    private void dropOrMakeAnew(boolean isMadeAnew) throws IOException {
        if (isMadeAnew) {
            makeAnew();
        } else {
            catalog.dropTable(TestWorld.ORDERS, false);
        }
    }

    /** Who has seen the newest snapshot asks for the next alone, and finds its slot free. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoCommitsToATableThatWasDroppedIsToldSoInTime(boolean isMadeAnew) throws IOException {
        ManualClock clock = ManualClock.atMillis(1_000);
        SnapshotChain stale = at(clock, 5).table(TestWorld.ORDERS).snapshots();
        commit(stale, "before", 3);
        clock.advance(TableStands.INTERVAL);
        commit(stale, "nothing wrong", 4);
        dropOrMakeAnew(isMadeAnew);
        commit(stale, "too early", 5);
        clock.advance(TableStands.INTERVAL);
        // again, too, and for what was put already
        for (int times = 0; times < 2; times++) {
            assertRefused(() -> commit(stale, "noticed", 6), SchemaFiles.path(0), "the table was dropped");
            assertRefused(() -> commit(stale, "too early", 5), SchemaFiles.path(0), "the table was dropped");
        }
        assertEquals(-1, store.size(ORDERS + SnapshotSlots.path(6)), "it was put all the same");
    }

    /** Its first commit is the first time that it asks the store for anything. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasReadATableLongAgoIsToldWithTheFirstCommitThatItWasDropped(boolean isMadeAnew) throws IOException {
        SnapshotChain stale = open().snapshots();
        assertEquals(2, stale.latest().orElseThrow().id());
        dropOrMakeAnew(isMadeAnew);
        assertRefused(() -> commit(stale, "first", 3), SchemaFiles.path(0), "the table was dropped");
        assertEquals(-1, store.size(ORDERS + SnapshotSlots.path(3)), "it was put all the same");
    }

    /** Stalled right before the put: nobody can keep it from being there, but it is not acknowledged. */
    @Test
    void whoIsStalledBeforeTheirPutIsNotToldThatItIsCommitted() throws IOException {
        ManualClock clock = ManualClock.atMillis(1_000);
        ObjectStore slow = new ForwardingObjectStore(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (path.endsWith(SnapshotSlots.path(3))) {
                    makeAnew();
                    clock.advance(TableStands.INTERVAL);
                }
                return super.putIfAbsent(path, bytes);
            }
        };
        SnapshotChain stale = Catalogs.open(TestWorld.components(slow, 5, clock))
                .table(TestWorld.ORDERS)
                .snapshots();
        assertRefused(() -> commit(stale, "stalled", 3), SchemaFiles.path(0), "the table was dropped");
    }

    /** Of a doubt nothing follows. */
    @Test
    void whoCannotAskCommits() throws IOException {
        ManualClock clock = ManualClock.atMillis(1_000);
        ObjectStore silent = new ForwardingObjectStore(store) {
            @Override
            public byte[] read(String path) throws IOException {
                if (path.endsWith(SchemaFiles.path(0))) {
                    throw new IOException("no answer");
                }
                return super.read(path);
            }
        };
        SnapshotChain chain = Catalogs.open(TestWorld.components(silent, 5, clock))
                .table(TestWorld.ORDERS)
                .snapshots();
        commit(chain, "in doubt", 3);
        store.put(ORDERS + SchemaFiles.path(0), new byte[7]);
        commit(open().snapshots(), "damaged", 4);
    }

    private static final Map<String, String> ONE_SNAPSHOT =
            Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1", "snapshot.num-retained.max", "1");

    /** With commits of its own, these have filled the slots beside what it has seen before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoExpiresInATableThatWasMadeAnewLeavesItAlone(boolean commits) throws IOException {
        catalog.alterOptions(TestWorld.ORDERS, ONE_SNAPSHOT, Set.of());
        Table stale = at(ManualClock.atMillis(1_000), 5).table(TestWorld.ORDERS);
        assertEquals(2, stale.snapshots().latest().orElseThrow().id());
        if (commits) {
            commit(stale.snapshots(), "before", 3);
        }
        makeAnew();
        if (commits) {
            commit(stale.snapshots(), "too early", 4);
        }
        for (int times = 0; times < 2; times++) {
            assertRefused(() -> stale.expiry().run(), SchemaFiles.path(0), "the table was dropped");
            assertEquals(List.of(), store.list(ORDERS + "boundary"));
        }
        if (!commits) {
            assertEquals(1, open().snapshots().latest().orElseThrow().id());
        }
    }

    /** Its boundary has gone with the table; what it remembers would let the new table's snapshots go. */
    @Test
    void whoHasLetSnapshotsGoDeletesNoneOfATableThatWasMadeAnew() throws IOException {
        catalog.alterOptions(TestWorld.ORDERS, ONE_SNAPSHOT, Set.of());
        ManualClock clock = ManualClock.atMillis(1_000);
        Table stale = at(clock, 5).table(TestWorld.ORDERS);
        assertEquals(1, stale.expiry().run().boundary());
        makeAnew();
        clock.advance(SnapshotExpiry.GRACE.plusSeconds(1));
        assertRefused(() -> stale.expiry().run(), SchemaFiles.path(0), "the table was dropped");
        assertEquals(1, open().snapshots().latest().orElseThrow().id());
        assertEquals(List.of(), store.list(ORDERS + "boundary"));
    }

    /** Deleting takes its time; what is let go afterwards is asked for again. */
    @Test
    void whoDeletesWhileTheTableIsMadeAnewLetsNothingOfItGo() throws IOException {
        catalog.alterOptions(TestWorld.ORDERS, ONE_SNAPSHOT, Set.of());
        ManualClock clock = ManualClock.atMillis(1_000);
        ObjectStore slow = new ForwardingObjectStore(store) {
            @Override
            public boolean delete(String path) throws IOException {
                boolean out = super.delete(path);
                if (path.endsWith(SnapshotSlots.path(1))) {
                    makeAnew();
                }
                return out;
            }
        };
        Table stale = Catalogs.open(TestWorld.components(slow, 5, clock)).table(TestWorld.ORDERS);
        assertEquals(1, stale.expiry().run().boundary());
        commit(stale.snapshots(), "before", 3);
        clock.advance(SnapshotExpiry.GRACE.plusSeconds(1));
        assertRefused(() -> stale.expiry().run(), SchemaFiles.path(0), "the table was dropped");
        assertEquals(List.of(), store.list(ORDERS + "boundary"));
        assertEquals(1, open().snapshots().latest().orElseThrow().id());
    }

    /** What a drop has left has the names of what the new table's first committer puts. */
    @Test
    void whoClearsWhatADropHasLeftDoesNotClearWhatAnotherHasMadeSince() throws IOException {
        store.delete(ORDERS + SchemaFiles.path(0)); // a drop that died
        ObjectStore slow = new ForwardingObjectStore(store) {
            private boolean isSecond;

            @Override
            public boolean delete(String path) throws IOException {
                boolean out = super.delete(path);
                if (!isSecond && path.startsWith(ORDERS)) {
                    isSecond = true;
                    Table made = catalog.createTable(TestWorld.ORDERS, TestWorld.schema());
                    commit(made.snapshots(), "anew", 1);
                }
                return out;
            }
        };
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> Catalogs.open(TestWorld.components(slow, 6))
                        .createTable(TestWorld.ORDERS, TestWorld.schema()));
        assertEquals(ErrorCode.TABLE_EXISTS, e.code());
        assertEquals(1, open().snapshots().latest().orElseThrow().id());
    }

    /** Who alters options sleeps between reading the newest schema and putting the next. */
    @Test
    void aSchemaThatIsPutIntoATableThatWasMadeAnewIsNotItsNewest() throws IOException {
        ObjectStore slow = new ForwardingObjectStore(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (path.endsWith(SchemaFiles.path(2))) {
                    makeAnew();
                }
                return super.putIfAbsent(path, bytes);
            }
        };
        Catalogs.open(TestWorld.components(slow, 6)).alterOptions(TestWorld.ORDERS, Map.of(), OPTIONS.keySet());
        assertEquals(2, store.list(ORDERS + "schema").size());
        assertEquals(1, open().snapshots().latest().orElseThrow().id());
        assertEquals(0, open().schema().id());
    }

    @Test
    void aSchemaThatHasGoneBelowAnotherIsMissed() throws IOException {
        catalog.alterOptions(TestWorld.ORDERS, Map.of(), OPTIONS.keySet());
        store.delete(ORDERS + SchemaFiles.path(1));
        StreamhouseException e = assertThrows(StreamhouseException.class, this::open);
        assertEquals(ErrorCode.MISSING_FILE, e.code());
        assertTrue(e.getMessage().contains(SchemaFiles.path(1)), e.getMessage());
    }

    /** Takes the identity from a schema or a snapshot, as older versions wrote them. */
    private void age(String path) throws IOException {
        byte[] bytes = store.read(path);
        if (path.contains("/schema/")) {
            store.put(
                    path,
                    SchemaCodec.write(
                            new SchemaFile(SchemaCodec.read(bytes, path).schema(), Optional.empty())));
            return;
        }
        Snapshot s = SnapshotCodec.read(bytes, path);
        SnapshotHeader h = s.header();
        SnapshotHeader aged = new SnapshotHeader(
                h.id(),
                h.parentId(),
                h.id() == 1 ? 0 : SnapshotCodec.crcOfFirstLine(store.read(ORDERS + SnapshotSlots.path(h.id() - 1))),
                h.commitUuid(),
                h.kind(),
                h.schemaId(),
                h.timeMillis(),
                Optional.empty());
        store.put(
                path,
                SnapshotCodec.write(new Snapshot(
                        aged, s.author(), s.commits(), s.tree(), s.change(), s.totals(), s.cleaned(), s.properties())));
    }

    @Test
    void olderTablesGoOnWithoutIdentity() throws IOException {
        for (String object :
                List.of(SchemaFiles.path(0), SchemaFiles.path(1), SnapshotSlots.path(1), SnapshotSlots.path(2))) {
            age(ORDERS + object);
        }
        Catalogs.open(TestWorld.components(store, 3)).alterOptions(TestWorld.ORDERS, Map.of(), OPTIONS.keySet());
        assertEquals(Optional.empty(), tableOf(ORDERS + SchemaFiles.path(2)));
        SnapshotChain chain = open().snapshots();
        commit(chain, "older", 3);
        assertEquals(Optional.empty(), chain.latest().orElseThrow().header().table());
        assertEquals(3, open().snapshots().list(1, 9).size());
    }

    /** A version that knows no identity commits to a table that has one. */
    @Test
    void aSnapshotOfAnOlderVersionIsReadInATableWithIdentity() throws IOException {
        age(ORDERS + SnapshotSlots.path(2));
        SnapshotChain chain = open().snapshots();
        assertEquals(2, chain.latest().orElseThrow().id());
        commit(chain, "newer", 3);
        assertEquals(
                tableOf(ORDERS + SchemaFiles.path(1)),
                chain.latest().orElseThrow().header().table());
    }

    @Test
    void anOlderTablesSchemaIsRefusedInATableWithIdentity() throws IOException {
        age(OTHERS + SchemaFiles.path(1));
        swap(SchemaFiles.path(1));
        assertRefused(() -> open().snapshots().latest(), SchemaFiles.path(1), "without identity");
    }
}
