package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.SchemaCodec;
import io.streamhouse.spec.type.SchemaFile;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Marks;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the judge of schemas would overlook without a test: faults that no rule left out brings about. */
class SchemaOracleTest {
    private static final String SIZE = "target-file-size";
    private static final Alteration FIRST = new Alteration("a1", SIZE, Map.of(SIZE, "5 mb"), Set.of());
    private static final Alteration SECOND = new Alteration("a2", SIZE, Map.of(SIZE, "6 mb"), Set.of());

    private World world;
    private SchemaOracle oracle;
    private World.Process process;
    private ObjectStore store;

    @BeforeEach
    void begin() throws IOException {
        world = new World(
                1,
                HistorySettings.of(1),
                Mutant.NONE,
                new Choices(1, Optional.empty()),
                Marks.NONE,
                HookedObjectStore.NOBODY);
        oracle = new SchemaOracle(world, Seeds.random(1), new Trace());
        process = world.start();
        store = process.table().components().store();
        alter(FIRST);
        alter(SECOND);
        oracle.end();
    }

    private void alter(Alteration alteration) throws IOException {
        oracle.intend(alteration);
        process.catalog().alterOptions(World.TABLE, alteration.set(), alteration.remove());
        oracle.acknowledged(alteration);
    }

    /** A schema with these options beside the catalog. */
    private void put(int id, Map<String, String> options) throws IOException {
        SchemaFile file = SchemaCodec.read(store.read("schema/0.json"), "schema/0.json");
        TableSchema first = file.schema();
        store.put(
                "schema/" + id + ".json",
                SchemaCodec.write(new SchemaFile(
                        new TableSchema(
                                id, first.highestFieldId(), first.fields(), first.layout(), options, first.comment()),
                        file.table())));
    }

    private static void assertNoticed(String words, Executable judgement) {
        AssertionError e = assertThrows(AssertionError.class, judgement);
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void theNextToOpenTheTableGetsTheNewest() throws IOException {
        assertEquals(2, world.start().table().schema().id());
        assertEquals(0, process.table().schema().id());
        oracle.end();
    }

    @Test
    void aSchemaThatIsReplacedIsNoticed() throws IOException {
        put(1, Map.of(SIZE, "7 mb"));
        assertNoticed("schema 1 was written twice", oracle::end);
    }

    @Test
    void aSchemaThatGoesIsNoticed() throws IOException {
        store.delete("schema/1.json");
        assertNoticed("schema 1 has gone", oracle::end);
    }

    @Test
    void aGapIsNoticed() throws IOException {
        put(4, Map.of(SIZE, "7 mb"));
        assertNoticed("[schema/4.json] stand behind a gap", oracle::end);
    }

    @Test
    void aSchemaThatNobodyAskedForIsNoticed() throws IOException {
        put(3, Map.of(SIZE, "7 mb"));
        assertNoticed("schema 3 has options", oracle::look);
    }

    @Test
    void anAlterationThatIsThereTwiceIsNoticed() throws IOException {
        put(3, process.table().schema(1).options());
        assertNoticed("and schema 1 was", oracle::look);
    }

    @Test
    void anAlterationThatUndoesAnotherIsNoticed() throws IOException {
        Alteration third = new Alteration("a3", "write-buffer-size", Map.of("write-buffer-size", "7 mb"), Set.of());
        oracle.intend(third);
        put(3, third.on(process.table().schema(0).options()));
        assertNoticed("schema 3 is not schema 2 after which", oracle::look);
    }

    @Test
    void anAcknowledgedAlterationThatStandsNowhereIsNoticed() {
        Alteration third = new Alteration("a3", SIZE, Map.of(SIZE, "7 mb"), Set.of());
        oracle.intend(third);
        assertNoticed("was acknowledged, but stands in no schema", () -> oracle.acknowledged(third));
    }

    @Test
    void aRefusedAlterationThatStandsIsNoticed() throws IOException {
        StreamhouseException answer = new StreamhouseException(ErrorCode.BAD_OPTION_VALUE, "no");
        Alteration third =
                new Alteration("a3", SIZE, Map.of(SIZE, "7 mb", "bucket", "" + (KeyShape.BUCKETS + 1)), Set.of());
        oracle.intend(third);
        oracle.refused(third, 2, answer);
        put(3, third.on(process.table().schema(2).options()));
        assertNoticed("which was refused", oracle::look);
    }

    @Test
    void anAlterationThatIsRefusedForNothingIsNoticed() {
        StreamhouseException answer = new StreamhouseException(ErrorCode.BAD_OPTION_VALUE, "no");
        Alteration third = new Alteration("a3", SIZE, Map.of(SIZE, "7 mb"), Set.of());
        oracle.intend(third);
        assertNoticed("is refused", () -> oracle.refused(third, 2, answer));
    }
}
