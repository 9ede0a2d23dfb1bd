package io.streamhouse.cli.demo;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.cli.sql.WarehouseCatalog;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@link TableReads} over a database of a warehouse. */
final class StreamhouseReads implements TableReads {
    private static final Duration DISCOVERY_INTERVAL = Duration.ofMillis(50);

    private final Catalog catalog;
    private final String database;

    private StreamhouseReads(Catalog catalog, String database) {
        this.catalog = catalog;
        this.database = database;
    }

    /** Opens a catalog of its own: nothing is shared with the jobs but the files. */
    static TableReads open(WarehouseCatalog warehouse, String database) {
        return new StreamhouseReads(Catalogs.open(warehouse.warehouse(), warehouse.storeOptions()), database);
    }

    @Override
    public ReplicaFeed changes(String table, List<String> columns) {
        return feed(table, columns, Start.earliest());
    }

    @Override
    public ReplicaFeed changesFrom(String table, List<String> columns, long firstSnapshot) {
        return feed(table, columns, Start.fromSnapshot(firstSnapshot));
    }

    private ReplicaFeed feed(String table, List<String> columns, Start start) {
        try {
            return new Feed(Changelog.of(table(table))
                    .from(start)
                    .shape(ChangelogShape.FULL)
                    .select(columns)
                    .discoveryInterval(DISCOVERY_INTERVAL)
                    .open());
        } catch (IOException e) {
            throw failed(table, e);
        }
    }

    @Override
    public void rows(String table, long snapshotId, Consumer<Object[]> consumer) {
        try (BatchScan scan = TableScan.of(table(table)).snapshot(snapshotId).open()) {
            Object[] row = new Object[scan.columns().size()];
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    fill(row, batch, scan.columns(), batch.position(i));
                    consumer.accept(row);
                }
            }
        } catch (IOException e) {
            throw failed(table, e);
        }
    }

    @Override
    public List<SnapshotFacts> snapshots(String table) {
        try {
            return table(table).snapshots().list(1, Long.MAX_VALUE).stream()
                    .map(StreamhouseReads::facts)
                    .toList();
        } catch (IOException e) {
            throw failed(table, e);
        }
    }

    @Override
    public Optional<SnapshotFacts> latest(String table) {
        try {
            return table(table).snapshots().latest().map(StreamhouseReads::facts);
        } catch (IOException e) {
            throw failed(table, e);
        }
    }

    @Override
    public FileTotals files(String table) {
        try {
            SnapshotChain chain = table(table).snapshots();
            Optional<Snapshot> latest = chain.latest();
            if (latest.isEmpty()) {
                return new FileTotals(0, 0);
            }
            List<FileEntry> entries = chain.tree(latest.get()).entries();
            long size = entries.stream()
                    .mapToLong(entry -> entry.file().object().sizeBytes())
                    .sum();
            return new FileTotals(entries.size(), size);
        } catch (IOException e) {
            throw failed(table, e);
        }
    }

    @Override
    public void close() {
        try {
            catalog.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Table table(String name) throws IOException {
        return catalog.table(TableName.of(database, name));
    }

    private static SnapshotFacts facts(Snapshot snapshot) {
        DeltaCounts counts = snapshot.change().counts();
        return new SnapshotFacts(
                snapshot.id(),
                snapshot.kind().name(),
                snapshot.author().identifier(),
                snapshot.timeMillis(),
                snapshot.totals().rowCount(),
                new RowCounts(counts.inserted(), counts.updated(), counts.deleted()),
                snapshot.properties());
    }

    private static void fill(Object[] row, ColumnBatch batch, List<Field> columns, int position) {
        for (int c = 0; c < row.length; c++) {
            row[c] = RowReader.value(batch.column(c), columns.get(c).type(), position);
        }
    }

    private static UncheckedIOException failed(String table, IOException cause) {
        return new UncheckedIOException("reading %s: %s".formatted(table, cause.getMessage()), cause);
    }

    /** One changelog reader. */
    private static final class Feed implements ReplicaFeed {
        private final ChangelogReader reader;
        private final Object[] row;

        Feed(ChangelogReader reader) {
            this.reader = reader;
            this.row = new Object[reader.columns().size()];
        }

        @Override
        public boolean poll(Duration wait, ChangeConsumer consumer) throws IOException {
            ChangeBatch batch = reader.poll(wait);
            if (batch == null) {
                return false;
            }
            for (int i = 0; i < batch.rowCount(); i++) {
                fill(row, batch.rows(), reader.columns(), i);
                consumer.accept(batch.snapshotId(), RowKind.of(batch.kinds()[i]), row);
            }
            return true;
        }

        @Override
        public long equalUpdates() {
            return reader.suppressed();
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
