package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A program that writes one table in plain Java as the documents tell it to: it remembers the rows of the commit that it
 * is at and the writer's state after the last acknowledged one, and goes on from there after a failure. Beside it the map
 * that says what must be in the table.
 */
final class PlainProgram implements AutoCloseable {
    static final TableName NAME = TableName.of("db", "t");

    private final Table table;
    private final RandomGenerator random;
    private final long firstKey;
    private final int keys;
    private final int textBytes;
    private final TreeMap<Long, String> acknowledged;
    private final TreeMap<Long, Optional<String>> batch = new TreeMap<>();
    private TableWriter writer;
    private byte[] state;
    private long identifier;
    private boolean inDoubt;

    private PlainProgram(
            Table table, TableWriter writer, long seed, long firstKey, int keys, int textBytes, long identifier) {
        this.table = table;
        this.writer = writer;
        this.random = Seeds.random(seed);
        this.firstKey = firstKey;
        this.keys = keys;
        this.textBytes = textBytes;
        this.acknowledged = new TreeMap<>();
        this.identifier = identifier;
        this.state = writer.state();
    }

    static Components components(ObjectStore store, ManualClock clock, long seed) {
        return new Components(store, clock, new SeededIds(seed), Seeds.random(seed), Runnable::run);
    }

    static Table create(Components components, Map<String, String> options) throws IOException {
        Catalog catalog = Catalogs.open(components);
        catalog.createDatabase(NAME.database(), true);
        List<Field> columns =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "text", DataType.string(), true));
        return catalog.createTable(NAME, TableSchema.create(columns, List.of("id"), List.of(), List.of(), 2, options));
    }

    static Table open(Components components) throws IOException {
        return Catalogs.open(components).table(NAME);
    }

    /** A program of its own commit user. */
    static PlainProgram start(Table table, long seed, int keys, int textBytes) throws IOException {
        return start(table, seed, 0, keys, textBytes);
    }

    /** A program of its own commit user and with keys of its own, from the first on. */
    static PlainProgram start(Table table, long seed, long firstKey, int keys, int textBytes) throws IOException {
        TableWriter writer = TableWriter.open(table, CommitUser.fresh());
        return new PlainProgram(table, writer, seed, firstKey, keys, textBytes, 0);
    }

    /** The program started anew from what the old one has stored, while the old one may still run. */
    PlainProgram successor(Table opened, long seed) throws IOException {
        PlainProgram next =
                new PlainProgram(opened, TableWriter.open(opened, state), seed, firstKey, keys, textBytes, identifier);
        next.acknowledged.putAll(acknowledged);
        return next;
    }

    Map<Long, String> acknowledged() {
        return acknowledged;
    }

    /** Draws the rows of the next commit. */
    void draw(int rows) {
        assertTrue(batch.isEmpty(), "the last commit is not settled");
        identifier++;
        for (int i = 0; i < rows; i++) {
            byte[] text = new byte[textBytes / 2];
            random.nextBytes(text);
            Optional<String> value = random.nextInt(5) == 0
                    ? Optional.empty()
                    : Optional.of(java.util.HexFormat.of().formatHex(text));
            batch.put(firstKey + random.nextInt(keys), value);
        }
    }

    /** Writes what was drawn, unless it is written already, and commits it. */
    CommitOutcome commit() throws IOException {
        if (!inDoubt) {
            for (var change : batch.entrySet()) {
                Optional<String> text = change.getValue();
                writer.write(
                        text.isPresent() ? RowKind.INSERT : RowKind.DELETE, Row.of(change.getKey(), text.orElse(null)));
            }
        }
        inDoubt = true;
        CommitOutcome outcome = writer.commit(identifier);
        inDoubt = false;
        batch.forEach(
                (key, text) -> text.ifPresentOrElse(t -> acknowledged.put(key, t), () -> acknowledged.remove(key)));
        batch.clear();
        state = writer.state();
        return outcome;
    }

    void commitNext(int rows) throws IOException {
        draw(rows);
        commit();
    }

    /** After a failure: the same commit again, by a new writer if the old one says that it is of no use any more. */
    void goOn() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        try {
            commit();
        } catch (IllegalStateException e) {
            writer.close();
            inDoubt = false;
            writer = TableWriter.open(table, state);
            commit();
        }
    }

    /** The newest snapshot of the table, opened anew, is what was acknowledged: rows and count. */
    void check(Table opened) throws IOException {
        check(opened, acknowledged);
    }

    static void check(Table opened, Map<Long, String> expected) throws IOException {
        Snapshot head = opened.snapshots().latest().orElseThrow();
        assertEquals(expected, rows(opened, head.id()));
        assertEquals(expected.size(), head.totals().rowCount());
    }

    static TreeMap<Long, String> rows(Table table, long snapshot) throws IOException {
        TreeMap<Long, String> rows = new TreeMap<>();
        try (BatchScan scan = TableScan.of(table).snapshot(snapshot).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    Row row = RowReader.row(b, scan.columns(), b.position(i));
                    String twice = rows.put((Long) row.value(0), (String) row.value(1));
                    assertEquals(null, twice, () -> "two rows of key " + row.value(0));
                }
            }
        }
        return rows;
    }

    /** The whole changelog, folded; the table must be readable from its first snapshot on. */
    static Map<Long, String> folded(Table table) throws IOException {
        Fold fold = new Fold();
        try (ChangelogReader reader =
                Changelog.of(table).from(Start.earliest()).until(Bound.latest()).open()) {
            while (!reader.isFinished()) {
                fold.poll(reader, Duration.ofSeconds(10));
            }
        }
        return fold.rows;
    }

    /** A replica that follows a full changelog and takes no change that does not fit. */
    static final class Fold {
        final TreeMap<Long, String> rows = new TreeMap<>();
        private final List<Row> comes = new ArrayList<>();
        private long snapshot;

        /** Takes one batch; false if there was none. */
        boolean poll(ChangelogReader reader, Duration wait) throws IOException {
            ChangeBatch b = reader.poll(wait);
            if (b == null) {
                return false;
            }
            assertTrue(b.snapshotId() >= snapshot, "back to " + b.snapshotId());
            snapshot = b.snapshotId();
            for (int i = 0; i < b.rowCount(); i++) {
                Row row = RowReader.row(b.rows(), reader.columns(), i);
                RowKind kind = RowKind.of(b.kinds()[i]);
                if (kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
                    comes.add(row);
                } else {
                    assertEquals(row.value(1), rows.remove((Long) row.value(0)));
                }
            }
            if (b.lastOfCommit()) {
                comes.forEach(row -> assertEquals(null, rows.put((Long) row.value(0), (String) row.value(1))));
                comes.clear();
            }
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** Reads half a minute a batch, so long that readers want leases; returns the rows of the scan. */
    static int readSlowly(ManualClock clock, BatchScan scan, ChangelogReader changes) throws IOException {
        int rows = 0;
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofSeconds(30));
            ColumnBatch batch = scan.next();
            rows += batch == null ? 0 : batch.selectedCount();
            changes.poll(Duration.ZERO);
        }
        return rows;
    }
}
