package io.streamhouse.cli.ops;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.cli.failure.Failure;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.TableLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a warehouse with their sizes. */
public final class TableList {
    private final Warehouse warehouse;
    private final PrintWriter out;
    private final PrintWriter err;

    /** Results go to {@code out}, what is wrong with single tables to {@code err}. */
    public TableList(Warehouse warehouse, PrintWriter out, PrintWriter err) {
        this.warehouse = warehouse;
        this.out = out;
        this.err = err;
    }

    /** What is known of one table. */
    private record Entry(
            TableName name, TableLayout layout, Optional<Snapshot> newest, long earliest, TreeFigures figures) {
        static Entry of(TableName name, Table table) throws IOException {
            SnapshotChain chain = table.snapshots();
            Optional<Snapshot> newest = chain.latest();
            TreeFigures figures =
                    newest.isEmpty() ? TreeFigures.NONE : TreeFigures.of(TreeFigures.files(table, newest.get()));
            return new Entry(name, table.schema().layout(), newest, chain.knownEarliestId(), figures);
        }

        long rows() {
            return newest.map(s -> s.totals().rowCount()).orElse(0L);
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("table", name.toString());
            json.put("rows", rows());
            json.put("files", figures.files());
            json.put("bytes", figures.bytes());
            json.put("garbage", figures.garbage());
            json.put("earliest_snapshot", newest.isEmpty() ? null : earliest);
            json.put("newest_snapshot", newest.map(Snapshot::id).orElse(null));
            json.put("time_millis", newest.map(Snapshot::timeMillis).orElse(null));
            json.put("primary_key", layout.primaryKey());
            json.put("partition_keys", layout.partitionKeys());
            json.put("buckets", layout.buckets());
            return json;
        }
    }

    /**
     * Prints all tables, or those of one database. A table that cannot be read is an error line and does not hide the
     * others.
     *
     * @return whether all could be read
     */
    public boolean print(Optional<String> database, boolean json) throws IOException {
        JsonLines lines = json ? new JsonLines(out) : null;
        TextTable text = new TextTable(
                "table",
                "rows#",
                "files#",
                "bytes#",
                "garbage#",
                "snapshots#",
                "newest",
                "key",
                "partitions",
                "buckets#");
        boolean all = true;
        for (TableName name : warehouse.tables(database)) {
            Entry entry;
            try {
                entry = Entry.of(name, warehouse.table(name));
            } catch (StreamhouseException | IOException e) {
                Failure failure = Failure.of(e);
                err.println(new Failure(failure.code(), name + ": " + failure.message()).line());
                all = false;
                continue;
            }
            if (json) {
                lines.print(entry.json());
            } else {
                add(text, entry);
            }
        }
        err.flush();
        if (!json && text.isEmpty() && all) {
            out.println(database.map(d -> "database " + d + " has no tables").orElse("the warehouse has no tables"));
        } else if (!json && !text.isEmpty()) {
            text.print(out);
        }
        out.flush();
        return all;
    }

    private static void add(TextTable text, Entry entry) {
        TreeFigures figures = entry.figures();
        text.add(
                entry.name(),
                entry.rows(),
                figures.files(),
                Cells.bytes(figures.bytes()),
                Cells.share(figures.masked(), figures.rows()),
                entry.newest().map(s -> range(entry.earliest(), s.id())).orElse("-"),
                entry.newest().map(s -> Cells.time(s.timeMillis())).orElse("-"),
                names(entry.layout().primaryKey()),
                names(entry.layout().partitionKeys()),
                entry.layout().buckets());
    }

    private static String range(long from, long to) {
        return from == to ? Long.toString(to) : from + "-" + to;
    }

    private static String names(List<String> columns) {
        return columns.isEmpty() ? "-" : String.join(", ", columns);
    }
}
