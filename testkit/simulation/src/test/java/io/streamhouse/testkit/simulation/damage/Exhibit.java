package io.streamhouse.testkit.simulation.damage;

import io.streamhouse.catalog.DeletionVectors;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.puffin.PuffinFiles;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.simulation.damage.Subject.Kind;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.RowDeltaCommitter;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A table with files of many kinds, the questions that open them, and what there is to harm.
 *
 * @param name in words
 * @param table the table
 * @param queries questions
 * @param subjects files and blocks
 * @param twin another table's schemas, which fit
 */
record Exhibit(String name, WholeTable table, List<Query> queries, List<Subject> subjects, ObjectStore twin) {
    /**
     * Small files, everything inline: two boundaries, leases, two schemas, a compaction, vectors. Snapshots up to 4 have
     * expired, 9 is the compaction.
     */
    static Exhibit small(FileFormat format) throws IOException {
        WholeTable t = new WholeTable(2, format);
        t.commit("job", keys(0, 30), 1, List.of());
        t.commit("job", keys(10, 20), 2, keys(20, 24));
        t.commit("job", keys(25, 40), 3, keys(0, 3));
        t.commit("job", keys(30, 50), 4, List.of());
        t.table().expiry().run();
        t.commit("job", keys(5, 12), 5, keys(45, 47));
        t.commit("job", keys(40, 55), 6, List.of());
        t.table().expiry().run();
        Table table = t.table();
        table.leases().take(6, Duration.ofDays(7), "scan-one");
        table.leases().take(7, Duration.ofDays(7), "scan-two").close();
        t.commit("job", keys(33, 44), 7, keys(14, 17));
        long base = t.head().id();
        t.compact();
        t.commit("job", keys(36, 39), 8, keys(50, 52));
        t.commit("job", keys(8, 20), 9, List.of());
        WholeTable.changeOptions(WholeTable.components(t.bytes, t.clock, new SeededIds(5)));
        t.commit("other", keys(48, 60), 10, keys(30, 32));
        VectorFile vectors = DeletionVectors.of(t.table()).write(t.head()).orElseThrow();
        List<Query> queries = List.of(
                scan(t),
                past(t, base),
                changes(t, base - 1, ChangelogShape.FULL),
                changes(t, base - 1, ChangelogShape.UPSERT),
                update(t, base, keys(34, 41)),
                expire(t),
                vectors(t, vectors));
        return new Exhibit("small " + format, t, queries, files(t, format), WholeTable.twin(format));
    }

    /**
     * Many buckets and a few thousand rows: a manifest, and masks, deletes, found positions and a position map that stand
     * outside the snapshots.
     */
    static Exhibit wide() throws IOException {
        WholeTable t = new WholeTable(32, FileFormat.PARQUET);
        t.commit("job", longKeys(0, 14_000), 1, List.of());
        t.commit("job", longKeys(0, 5_000), 2, longKeys(7_000, 11_500));
        long base = t.head().id();
        t.compact();
        for (int commit = 0; commit < 16; commit++) {
            t.commit("job", longKeys(commit * 40, commit * 40 + 120), 3 + commit, List.of());
        }
        CommitDelta delta = delta(t, longKeys(1_000, 5_000), longKeys(5_000, 7_000));
        // what else there is stands in the small tables too
        List<Subject> subjects = new ArrayList<>(files(t, FileFormat.PARQUET));
        subjects.removeIf(s -> s.kind() != Kind.MANIFEST && s.kind() != Kind.MASK_SEGMENT);
        Snapshot deletes = t.table().snapshots().snapshot(base);
        block(subjects, Kind.DELETE_BLOCK, deletes.change().deletes().get(0));
        Snapshot compaction = t.table().snapshots().snapshot(base + 1);
        block(subjects, Kind.POSITION_MAP, compaction.change().positionMap().orElseThrow());
        block(subjects, Kind.FOUND_POSITIONS, delta.parts().get(0).found());
        block(subjects, Kind.DELETE_BLOCK, delta.parts().get(0).deletes());
        List<Query> queries = List.of(
                scan(t),
                past(t, base),
                changes(t, base, ChangelogShape.FULL),
                changes(t, base, ChangelogShape.UPSERT),
                update(t, base, longKeys(20, 60)),
                commit(t, delta));
        return new Exhibit("wide", t, queries, subjects, WholeTable.twin(FileFormat.PARQUET));
    }

    private static List<String> keys(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "k" + i).toList();
    }

    /** Keys of many bytes that no encoding makes small. */
    private static List<String> longKeys(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Long.toHexString(i * 0x9e3779b97f4a7c15L) + Long.toHexString(i * 0xbf58476d1ce4e5b9L))
                .toList();
    }

    private static List<Subject> files(WholeTable t, FileFormat format) throws IOException {
        List<Subject> out = new ArrayList<>();
        for (ObjectInfo object : t.bytes.list(WholeTable.ROOT.substring(0, WholeTable.ROOT.length() - 1))) {
            String below = object.path().substring(WholeTable.ROOT.length());
            Kind kind =
                    switch (below.substring(0, below.indexOf('/'))) {
                        case "snapshot" -> below.endsWith("hint") ? Kind.HINT : Kind.SNAPSHOT;
                        case "schema" -> Kind.SCHEMA;
                        case "manifest" -> Kind.MANIFEST;
                        case "data" -> format == FileFormat.ORC ? Kind.DATA_ORC : Kind.DATA_PARQUET;
                        case "mask" -> Kind.MASK_SEGMENT;
                        case "dv" -> Kind.VECTOR;
                        case "boundary" -> Kind.BOUNDARY;
                        case "consumers" -> Kind.LEASE;
                        default -> throw new AssertionError("what is " + below);
                    };
            out.add(new Subject(kind, object.path(), 0, (int) object.sizeBytes(), true));
        }
        return out;
    }

    private static void block(List<Subject> out, Kind kind, BlockRef ref) {
        BlockRef.Stored stored = (BlockRef.Stored) ref;
        int from = (int) stored.offset();
        out.add(new Subject(kind, WholeTable.ROOT + stored.path(), from, from + stored.length(), false));
    }

    private static Query query(WholeTable t, String name, TableQuery query) {
        long now = t.clock.millis();
        return new Query(
                name,
                store -> query.of(
                        WholeTable.open(WholeTable.components(store, ManualClock.atMillis(now), new SeededIds(99)))));
    }

    private interface TableQuery {
        Object of(Table table) throws IOException;
    }

    private static Query scan(WholeTable t) {
        return query(t, "scan", table -> rows(TableScan.of(table)));
    }

    private static Query past(WholeTable t, long snapshot) {
        return query(
                t,
                "scan of snapshot " + snapshot,
                table -> rows(TableScan.of(table).snapshot(snapshot)));
    }

    private static Query changes(WholeTable t, long from, ChangelogShape shape) {
        return query(t, "changes of shape " + shape, table -> {
            List<String> out = new ArrayList<>();
            Changelog changelog = Changelog.of(table)
                    .from(Start.fromSnapshot(from))
                    .until(Bound.latest())
                    .shape(shape);
            try (ChangelogReader reader = changelog.open()) {
                for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                    for (int i = 0; i < b.rowCount(); i++) {
                        out.add(b.snapshotId() + " " + RowKind.of(b.kinds()[i]) + " "
                                + values(b.rows(), reader.columns(), i));
                    }
                }
            }
            return out;
        });
    }

    /** An UPDATE whose base is older than a compaction, and what the table holds then. */
    private static Query update(WholeTable t, long base, List<String> keys) {
        return query(t, "update of snapshot " + base, table -> {
            try (TableWriter writer = TableWriter.forRowDelta(table, WholeTable.settings(), base)) {
                for (String key : keys) {
                    writer.write(
                            RowKind.UPDATE_AFTER, Row.of(WholeTable.row(key, 77).toArray()));
                }
                TableDelta part = writer.flush().orElseThrow();
                String outcome = RowDeltaCommitter.open(table)
                        .commit(batch(table, part))
                        .getClass()
                        .getSimpleName();
                return List.of(outcome, rows(TableScan.of(table)));
            }
        });
    }

    /** A commit whose delta was flushed before, and what the table holds then. */
    private static Query commit(WholeTable t, CommitDelta delta) {
        return query(t, "commit", table -> {
            try (TableCommitter committer = TableCommitter.open(table)) {
                String outcome = committer.commit(delta).getClass().getSimpleName();
                return List.of(outcome, rows(TableScan.of(table)));
            }
        });
    }

    private static CommitDelta delta(WholeTable t, List<String> upserts, List<String> deletes) throws IOException {
        Table table = t.table();
        try (TableWriter writer = TableWriter.forEngine(table, WholeTable.settings())) {
            for (String key : upserts) {
                writer.write(RowKind.INSERT, Row.of(WholeTable.row(key, 55).toArray()));
            }
            for (String key : deletes) {
                writer.write(RowKind.DELETE, WholeTable.deleteOf(key));
            }
            return batch(table, writer.flush().orElseThrow());
        }
    }

    private static CommitDelta batch(Table table, TableDelta part) {
        return CommitTimeline.fresh(CommitUser.fresh(), table.components().ids())
                .next(1, OptionalLong.empty(), List.of(part), true);
    }

    /** A run of expiry two hours later, and what it has left. */
    private static Query expire(WholeTable t) {
        long later = t.clock.millis() + Duration.ofHours(2).toMillis();
        return new Query("expiry", store -> {
            Table table = WholeTable.open(WholeTable.components(store, ManualClock.atMillis(later), new SeededIds(98)));
            return List.of(
                    table.expiry().run().toString(),
                    store.list("").stream().map(ObjectInfo::path).toList());
        });
    }

    private static Query vectors(WholeTable t, VectorFile file) {
        return query(t, "deletion vectors", table -> {
            PuffinFiles.verify(table.components().store(), file);
            List<List<Integer>> out = new ArrayList<>();
            for (VectorFile.Blob blob : file.blobs()) {
                int[] positions = PuffinFiles.read(table.components().store(), file.path(), blob, 1000)
                        .positions();
                out.add(IntStream.of(positions).boxed().toList());
            }
            return out;
        });
    }

    /** The names of the columns, and the rows. */
    private static List<List<Object>> rows(TableScan scan) throws IOException {
        List<List<Object>> out = new ArrayList<>();
        try (BatchScan open = scan.open()) {
            out.add(open.columns().stream().<Object>map(Field::name).toList());
            for (ColumnBatch b = open.next(); b != null; b = open.next()) {
                for (int i = 0; i < b.selectedCount(); i++) {
                    out.add(values(b, open.columns(), b.position(i)));
                }
            }
        }
        return out;
    }

    private static List<Object> values(ColumnBatch batch, List<Field> fields, int position) {
        Row row = RowReader.row(batch, fields, position);
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            out.add(row.value(i));
        }
        return out;
    }
}
