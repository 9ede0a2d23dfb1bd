package io.streamhouse.flink;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table of the default database, written and read without any engine. */
final class JavaTable implements AutoCloseable {
    private final Catalog catalog;
    private final Table table;
    private TableWriter writer;
    private long commits;

    JavaTable(Path warehouse, String name) throws IOException {
        catalog = Catalogs.open(warehouse.toUri(), Map.of());
        table = catalog.table(TableName.of("default", name));
    }

    Table table() {
        return table;
    }

    /** Adds a change to the next commit. */
    JavaTable write(RowKind kind, Object... values) throws IOException {
        if (writer == null) {
            writer = TableWriter.open(table, CommitUser.fresh());
        }
        writer.write(kind, Row.of(values));
        return this;
    }

    JavaTable insert(Object... values) throws IOException {
        return write(RowKind.INSERT, values);
    }

    JavaTable delete(Object... values) throws IOException {
        return write(RowKind.DELETE, values);
    }

    /** Publishes what was written; id of the newest snapshot. */
    long commit() throws IOException {
        writer.commit(++commits);
        return head();
    }

    /** Id of the newest snapshot, 0 for none. */
    long head() throws IOException {
        return table.snapshots().latest().map(s -> s.id()).orElse(0L);
    }

    /** All rows of the newest snapshot, in no order. */
    List<Row> rows() throws IOException {
        List<Row> out = new ArrayList<>();
        try (BatchScan scan = TableScan.of(table).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    out.add(RowReader.row(batch, scan.columns(), batch.position(i)));
                }
            }
        }
        return out;
    }

    /** The rows as sorted text. */
    List<String> texts() throws IOException {
        return rows().stream().map(Row::toString).sorted().toList();
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
        catalog.close();
    }
}
