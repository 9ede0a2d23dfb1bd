package io.streamhouse.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogContext;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.options.CatalogOptions;
import org.apache.paimon.options.Options;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.schema.Schema;
import org.apache.paimon.table.Table;
import org.apache.paimon.table.sink.StreamTableCommit;
import org.apache.paimon.table.sink.StreamTableWrite;
import org.apache.paimon.table.sink.StreamWriteBuilder;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowKind;

/**
 * Apache Paimon with its file-system catalog. Flavours: {@code parquet} and {@code orc} are primary-key tables of one
 * bucket, {@code vectors} is the first with deletion vectors, {@code append} a table without key or buckets, on which
 * writers never meet in one bucket.
 */
@SuppressWarnings("try") // its catalogs declare that closing may throw anything
final class PaimonPeer implements Peer {
    private static final Identifier NAME = Identifier.create("db", "t");

    /** Holds no state of tables and takes longer to load than they do to read. */
    private static final Configuration HADOOP = new Configuration();

    private final String flavour;

    PaimonPeer(String flavour) {
        this.flavour = flavour;
    }

    private static Catalog catalog(Path directory) {
        Options options = new Options();
        options.set(CatalogOptions.WAREHOUSE, directory.toUri().toString());
        return CatalogFactory.createCatalog(CatalogContext.create(options, HADOOP));
    }

    @Override
    public void create(Path directory) throws Exception {
        Schema.Builder schema = Schema.newBuilder()
                .column("id", DataTypes.STRING().notNull())
                .column("count", DataTypes.INT())
                .column("amount", DataTypes.DECIMAL(12, 2))
                .column("rate", DataTypes.DOUBLE())
                .column("status", DataTypes.STRING());
        Map<String, String> options = new HashMap<>();
        if (!flavour.equals("append")) {
            schema.primaryKey("id");
            options.put("bucket", "1");
        }
        if (flavour.equals("orc")) {
            options.put("file.format", "orc");
        }
        if (flavour.equals("vectors")) {
            options.put("deletion-vectors.enabled", "true");
        }
        try (Catalog catalog = catalog(directory)) {
            catalog.createDatabase(NAME.getDatabaseName(), true);
            catalog.createTable(NAME, schema.options(options).build(), false);
        }
    }

    @Override
    public Writer writer(Path directory, String name) throws Exception {
        Catalog catalog = catalog(directory);
        Table table = catalog.getTable(NAME);
        StreamWriteBuilder builder = table.newStreamWriteBuilder().withCommitUser(name);
        Path spill = Files.createTempDirectory("paimon-spill");
        IOManager io = IOManager.create(spill.toString());
        StreamTableWrite rows = builder.newWrite();
        rows.withIOManager(io);
        StreamTableCommit commits = builder.newCommit();
        return new Writer() {
            private long identifier;

            @Override
            public void commit(Collection<PeerRow> inserts, Collection<PeerRow> deletes) throws Exception {
                for (PeerRow r : inserts) {
                    rows.write(row(RowKind.INSERT, r));
                }
                for (PeerRow r : deletes) {
                    rows.write(row(RowKind.DELETE, r));
                }
                identifier++;
                // vectors are made by compaction: it is waited for
                commits.commit(identifier, rows.prepareCommit(flavour.equals("vectors"), identifier));
            }

            @Override
            public void close() throws IOException {
                try {
                    rows.close();
                    commits.close();
                    io.close();
                    catalog.close();
                } catch (Exception e) {
                    throw new IOException("closing", e);
                }
                Files.deleteIfExists(spill);
            }
        };
    }

    private static GenericRow row(RowKind kind, PeerRow r) {
        return GenericRow.ofKind(
                kind,
                BinaryString.fromString(r.id()),
                r.count(),
                Decimal.fromBigDecimal(r.amount(), 12, 2),
                r.rate(),
                BinaryString.fromString(r.status()));
    }

    @Override
    public List<String> read(Path directory) throws Exception {
        List<String> out = new ArrayList<>();
        try (Catalog catalog = catalog(directory)) {
            ReadBuilder builder = catalog.getTable(NAME).newReadBuilder();
            try (RecordReader<InternalRow> reader =
                    builder.newRead().createReader(builder.newScan().plan())) {
                reader.forEachRemaining(r -> out.add(text(r)));
            }
        }
        return out;
    }

    private static String text(InternalRow r) {
        return PeerRow.text(
                r.getString(0).toString(),
                r.isNullAt(1) ? null : r.getInt(1),
                r.isNullAt(2) ? null : r.getDecimal(2, 12, 2).toBigDecimal(),
                r.isNullAt(3) ? null : r.getDouble(3),
                r.isNullAt(4) ? null : r.getString(4).toString());
    }
}
