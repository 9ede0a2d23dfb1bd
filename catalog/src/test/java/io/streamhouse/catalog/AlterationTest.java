package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.storage.Components;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.Mark;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Options that several change at once, over a store whose answers cannot be trusted. */
class AlterationTest {
    private static final String FIRST = "32 mb";
    private static final String LATER = "64 mb";

    private final ObjectStore store = ObjectStores.memory();
    private final List<Mark> marks = new ArrayList<>();

    @BeforeEach
    void createTable() throws Exception {
        TestWorld.newTable(TestWorld.components(store, 1));
    }

    private void alter(String key, String value) throws IOException {
        Catalogs.open(TestWorld.components(store, 2)).alterOptions(TestWorld.ORDERS, Map.of(key, value), Set.of());
    }

    private Components marking(ObjectStore unsafe) {
        Components c = TestWorld.components(unsafe, 3);
        return new Components(c.store(), c.clock(), c.ids(), c.random(), c.executor(), marks::add);
    }

    /** Somebody changes the size of files while another one has just made its first put of a schema. */
    private void alterWithin(ObjectStore unsafe, Protections protections) throws IOException {
        ObjectStore overtaken = new ForwardingObjectStore(unsafe) {
            private boolean isFirst = true;

            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                PutOutcome outcome = super.putIfAbsent(path, bytes);
                if (isFirst) {
                    isFirst = false;
                    alter("target-file-size", LATER);
                }
                return outcome;
            }
        };
        Catalogs.open(marking(overtaken), protections)
                .alterOptions(TestWorld.ORDERS, Map.of("target-file-size", FIRST), Set.of());
    }

    private List<Map<String, String>> chain() throws IOException {
        Table table = TestWorld.openTable(TestWorld.components(store, 4));
        List<Map<String, String>> out = new ArrayList<>();
        for (int id = 0; id <= table.schema().id(); id++) {
            out.add(table.schema(id).options());
        }
        return out;
    }

    private static ObjectStore failing(ObjectStore store, Fault first, Optional<Fault> ofRead) {
        FaultPolicy put = FaultPolicy.at(1, StoreCall.PUT_IF_ABSENT, "schema/", first);
        // the newest schema is read before the put
        FaultPolicy read = ofRead.map(fault -> FaultPolicy.at(2, StoreCall.READ, "schema/", fault))
                .orElse(FaultPolicy.none());
        return new FaultyObjectStore(store, (call, path) -> put.next(call, path).or(() -> read.next(call, path)));
    }

    @Test
    void aSchemaThatTheStoreSaysWasThereIsNotWrittenAgainOverALaterOne() throws Exception {
        alterWithin(failing(store, Fault.DONE_TWICE, Optional.empty()), Protections.ALL);
        assertEquals(List.of(Map.of(), Map.of("target-file-size", FIRST), Map.of("target-file-size", LATER)), chain());
        assertEquals(List.of(Mark.OWN_ALTERATION_FOUND), marks);
    }

    @Test
    void whoeverTakesTheStoresWordWritesItAgain() throws Exception {
        alterWithin(
                failing(store, Fault.DONE_TWICE, Optional.empty()),
                Protections.without(Protection.SCHEMAS_ARE_READ_BACK));
        assertEquals(
                List.of(
                        Map.of(),
                        Map.of("target-file-size", FIRST),
                        Map.of("target-file-size", LATER),
                        Map.of("target-file-size", FIRST)),
                chain());
    }

    @Test
    void aSchemaThatIsReadBackWronglyIsNotTakenForSomebodyElses() throws Exception {
        alterWithin(failing(store, Fault.RESPONSE_LOST, Optional.of(Fault.FLIPPED_BIT)), Protections.ALL);
        assertEquals(List.of(Map.of(), Map.of("target-file-size", FIRST), Map.of("target-file-size", LATER)), chain());
        assertEquals(List.of(Mark.OWN_ALTERATION_FOUND), marks);
    }

    @Test
    void aSchemaOfWhichNobodyKnowsIsNoRefusal() throws Exception {
        ObjectStore silent = new FaultyObjectStore(
                store,
                (call, path) -> call == StoreCall.PUT_IF_ABSENT ? Optional.of(Fault.ERROR_BEFORE) : Optional.empty());
        IOException e = assertThrows(IOException.class, () -> Catalogs.open(TestWorld.components(silent, 3))
                .alterOptions(TestWorld.ORDERS, Map.of("target-file-size", FIRST), Set.of()));
        assertTrue(e.getMessage().startsWith("nobody knows whether"), e.getMessage());
        assertEquals(List.of(Map.of()), chain());
    }

    @Test
    void changesOfDifferentKeysAreBothThere() throws Exception {
        ObjectStore overtaken = new ForwardingObjectStore(store) {
            private int puts;

            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (++puts <= 3) {
                    alter("write-buffer-size", puts + " mb");
                }
                return super.putIfAbsent(path, bytes);
            }
        };
        Catalogs.open(marking(overtaken)).alterOptions(TestWorld.ORDERS, Map.of("target-file-size", FIRST), Set.of());
        assertEquals(5, chain().size());
        assertEquals(Map.of("target-file-size", FIRST, "write-buffer-size", "3 mb"), chain().get(4));
        assertEquals(List.of(Mark.ALTERATION_LOST, Mark.ALTERATION_LOST, Mark.ALTERATION_LOST), marks);
    }

    @Test
    void whatIsCreatedThereIsNotSaidToHaveExisted() throws Exception {
        ObjectStore twice = new FaultyObjectStore(
                ObjectStores.memory(),
                (call, path) -> call == StoreCall.PUT_IF_ABSENT ? Optional.of(Fault.DONE_TWICE) : Optional.empty());
        Catalog catalog = Catalogs.open(TestWorld.components(twice, 5));
        catalog.createDatabase(TestWorld.ORDERS.database(), false);
        catalog.createTable(TestWorld.ORDERS, TestWorld.schema());
        assertEquals(List.of(TestWorld.ORDERS.table()), catalog.tables(TestWorld.ORDERS.database()));
    }
}
