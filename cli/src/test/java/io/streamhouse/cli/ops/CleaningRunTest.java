package io.streamhouse.cli.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clean says, beside what the store holds before and after. */
class CleaningRunTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final UUID ID = new UUID(5, 6);

    private final ManualClock clock = ManualClock.atMillis(1_767_225_600_000L);
    private Table table;

    /** Two orphans that are old enough, one that is not. */
    @BeforeEach
    void makeTable() throws IOException {
        Catalog catalog = Catalogs.open(new Components(
                ObjectStores.memory(clock), clock, UUID::randomUUID, RandomGenerator.getDefault(), Runnable::run));
        catalog.createDatabase("shop", true);
        List<Field> columns =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        table = catalog.createTable(
                TableName.of("shop", "orders"),
                TableSchema.create(columns, List.of("id"), List.of(), List.of(), 1, Map.of()));
        ObjectStore store = table.components().store();
        store.put("data/" + ID + ".parquet", new byte[3000]);
        store.put("mask/" + ID, new byte[72]);
        clock.advance(Duration.ofDays(8));
        store.put("data/" + new UUID(7, 8) + ".parquet", new byte[1]);
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            writer.commit(1);
        }
    }

    private String run(Duration age, boolean force, boolean dryRun, boolean json) throws IOException {
        StringWriter out = new StringWriter();
        new CleaningRun(table, new PrintWriter(out)).run(age, force, dryRun, json);
        return out.toString();
    }

    @Test
    void thePlanAndTheRunSayTheSame() throws IOException {
        String rows = """
                kind  objects    bytes  first of them
                data        1  2.9 KiB  data/%1$s.parquet
                mask        1     72 B  mask/%1$s
                """.formatted(ID);
        String kept = "kept: 1 orphan changed after 2026-01-02 00:00:00.000Z (an age counts up to the newest commit)\n";
        assertEquals(rows + "2 orphans would be deleted, 3.0 KiB\n" + kept, run(WEEK, false, true, false));
        assertEquals(rows + "2 orphans deleted, 3.0 KiB\n" + kept, run(WEEK, false, false, false));
        assertEquals("no orphan was deleted\n" + kept, run(WEEK, false, false, false));
        assertEquals(-1, table.components().store().size("mask/" + ID));
    }

    @Test
    void aScriptReadsTheSame() throws IOException {
        JsonNode json = new ObjectMapper().readTree(run(WEEK, false, true, true));
        assertTrue(json.get("dry_run").booleanValue());
        assertEquals(2, json.get("objects").longValue());
        assertEquals(3072, json.get("bytes").longValue());
        assertEquals(1, json.get("kept_young").longValue());
        assertEquals("data", json.get("kinds").get(0).get("kind").textValue());
    }

    @Test
    void lessThanADayNeedsForce() throws IOException {
        assertThrows(StreamhouseException.class, () -> run(Duration.ZERO, false, false, false));
        clock.advance(Duration.ofMillis(1));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            writer.commit(1);
        }
        assertTrue(run(Duration.ZERO, true, false, false).contains("3 orphans deleted"));
    }
}
