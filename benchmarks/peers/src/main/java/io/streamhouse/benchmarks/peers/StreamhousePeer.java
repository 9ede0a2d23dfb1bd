package io.streamhouse.benchmarks.peers;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.spec.type.TypeRoot;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Streamhouse; the flavour is the format of its data files. Its tables always have masks of deleted rows. */
final class StreamhousePeer implements Peer {
    private static final TableName NAME = TableName.of("db", "t");

    private final String format;

    StreamhousePeer(String flavour) {
        this.format = flavour.toUpperCase(java.util.Locale.ROOT);
    }

    private static Catalog catalog(Path directory) {
        return Catalogs.open(directory.toUri(), Map.of());
    }

    @Override
    public void create(Path directory) throws IOException {
        try (Catalog catalog = catalog(directory)) {
            catalog.createDatabase(NAME.database(), true);
            List<Field> columns = List.of(
                    new Field(1, "id", DataType.string(), false),
                    new Field(2, "count", DataType.integer(), true),
                    new Field(3, "amount", DataType.decimal(12, 2), true),
                    new Field(4, "rate", DataType.of(TypeRoot.DOUBLE), true),
                    new Field(5, "status", DataType.string(), true));
            catalog.createTable(
                    NAME,
                    TableSchema.create(columns, List.of("id"), List.of(), List.of(), 1, Map.of("file.format", format)));
        }
    }

    @Override
    public Writer writer(Path directory, String name) throws IOException {
        Catalog catalog = catalog(directory);
        TableWriter rows = TableWriter.open(catalog.table(NAME), CommitUser.named(name));
        return new Writer() {
            private long commits;

            @Override
            public void commit(Collection<PeerRow> inserts, Collection<PeerRow> deletes) throws IOException {
                for (PeerRow r : inserts) {
                    rows.write(RowKind.INSERT, Row.of(r.id(), r.count(), r.amount(), r.rate(), r.status()));
                }
                for (PeerRow r : deletes) {
                    rows.write(RowKind.DELETE, Row.of(r.id(), null, null, null, null));
                }
                CommitOutcome outcome = rows.commit(++commits);
                if (!(outcome instanceof CommitOutcome.Committed)) {
                    throw new IOException("not committed: " + outcome);
                }
            }

            @Override
            public void close() throws IOException {
                rows.close();
                catalog.close();
            }
        };
    }

    @Override
    public List<String> read(Path directory) throws IOException {
        List<String> out = new ArrayList<>();
        try (Catalog catalog = catalog(directory)) {
            Table table = catalog.table(NAME);
            try (BatchScan scan = TableScan.of(table).open()) {
                for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                    for (int i = 0; i < b.selectedCount(); i++) {
                        Row r = RowReader.row(b, scan.columns(), b.position(i));
                        out.add(PeerRow.text(
                                (String) r.value(0), r.value(1), (BigDecimal) r.value(2), (Double) r.value(3), (String)
                                        r.value(4)));
                    }
                }
            }
        }
        return out;
    }
}
