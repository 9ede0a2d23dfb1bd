package io.streamhouse.cli.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
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

/** What expire says, beside what the store holds before and after. */
class ExpiryRunTest {
    private static final int COMMITS = 30;
    private static final int KEPT = 5;

    private final ManualClock clock = ManualClock.atMillis(1_767_225_600_000L);
    private Table table;

    /** A fence, 30 commits, a minute each, and a compaction after ten; ten minutes are retained. */
    @BeforeEach
    void makeTable() throws IOException {
        Catalog catalog = Catalogs.open(new Components(
                ObjectStores.memory(), clock, UUID::randomUUID, RandomGenerator.getDefault(), Runnable::run));
        catalog.createDatabase("shop", true);
        List<Field> columns =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        Map<String, String> options =
                Map.of("snapshot.time-retained", "10 min", "snapshot.num-retained.min", Integer.toString(KEPT));
        table = catalog.createTable(
                TableName.of("shop", "orders"),
                TableSchema.create(columns, List.of("id"), List.of(), List.of(), 1, options));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (long i = 1; i <= COMMITS; i++) {
                clock.advance(Duration.ofMinutes(1));
                writer.write(RowKind.INSERT, Row.of(1L, i));
                writer.commit(i);
                if (i == 10) {
                    try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
                        assertEquals(1, compactor.runUntilDone().published());
                    }
                }
            }
        }
    }

    private String run(boolean dryRun) throws IOException {
        StringWriter out = new StringWriter();
        new ExpiryRun(table, new PrintWriter(out)).run(dryRun, false);
        return out.toString();
    }

    private JsonNode json(boolean dryRun) throws IOException {
        StringWriter out = new StringWriter();
        new ExpiryRun(table, new PrintWriter(out)).run(dryRun, true);
        return new ObjectMapper().readTree(out.toString());
    }

    private List<String> objects() throws IOException {
        return table.components().store().list("").stream()
                .map(ObjectInfo::path)
                .toList();
    }

    @Test
    void aDryRunChangesNothingAndFindsWhatTheRunDoes() throws IOException {
        List<String> before = objects();
        // 32 snapshots; the one that was the newest ten minutes before the newest stays: 22
        assertTrue(run(true).startsWith("21 snapshots would expire: 1 to 21\n"), run(true));
        assertEquals(21, json(true).get("would_expire_through").asInt());
        assertEquals(before, objects());
        String ran = run(false);
        assertTrue(ran.startsWith("21 snapshots expired: up to 21\npending: what only snapshots up to 21 name"), ran);
        assertTrue(
                ran.endsWith(
                        "readable: snapshots 22 to 32; kept are the newest 5, those of the last 600 s, and what readers hold\n"),
                ran);
        assertTrue(run(true).startsWith("no snapshot would expire\npending: "), run(true));
    }

    @Test
    void whatItCountsAsDeletedIsGoneFromTheStore() throws IOException {
        assertEquals(21, json(false).get("expired").asInt());
        JsonNode early = json(false);
        assertEquals(0, early.get("expired").asInt());
        assertEquals(0, early.get("deleted_snapshots").asInt());
        assertTrue(early.get("pending_millis").asLong() > 0);
        List<String> before = objects();
        clock.advance(Duration.ofSeconds(61));
        assertTrue(run(true).contains("a run deletes what is left of snapshots up to 21"), run(true));
        JsonNode report = json(false);
        int gone = before.size() - objects().size();
        assertEquals(21, report.get("deleted_snapshots").asInt());
        assertTrue(report.get("deleted_objects").asInt() >= 10, report.toString()); // the merged files
        assertEquals(
                gone,
                report.get("deleted_snapshots").asInt()
                        + report.get("deleted_objects").asInt(),
                report.toString());
        assertEquals(32, report.get("newest_snapshot").asInt());
        for (long id = 22; id <= 32; id++) {
            table.snapshots().tree(table.snapshots().snapshot(id));
        }
    }
}
