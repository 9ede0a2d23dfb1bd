package io.streamhouse.benchmarks.peers.iceberg;

import io.streamhouse.benchmarks.peers.Peer;
import io.streamhouse.benchmarks.peers.PeerRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Types;

/**
 * Apache Iceberg with its Hadoop tables, in format version 3, which has deletion vectors. Flavours: {@code parquet} and
 * {@code orc}, the format of data files.
 */
public final class IcebergPeer implements Peer {
    private static final Schema SCHEMA = new Schema(
            Types.NestedField.required(1, "id", Types.StringType.get()),
            Types.NestedField.optional(2, "count", Types.IntegerType.get()),
            Types.NestedField.optional(3, "amount", Types.DecimalType.of(12, 2)),
            Types.NestedField.optional(4, "rate", Types.DoubleType.get()),
            Types.NestedField.optional(5, "status", Types.StringType.get()));

    /** Holds no state of tables and takes longer to load than they do to read. */
    private static final Configuration HADOOP = new Configuration();

    private final FileFormat format;

    public IcebergPeer(String flavour) {
        this.format = FileFormat.fromString(flavour);
    }

    private static String location(Path directory) {
        return directory.resolve("t").toUri().toString();
    }

    private static Table open(Path directory) {
        return new HadoopTables(HADOOP).load(location(directory));
    }

    @Override
    public void create(Path directory) {
        Map<String, String> properties = Map.of(
                "format-version", "3", "write.format.default", format.name().toLowerCase(Locale.ROOT));
        new HadoopTables(HADOOP).create(SCHEMA, PartitionSpec.unpartitioned(), properties, location(directory));
    }

    /** Where a row stands. */
    private record Place(String file, long position) {}

    @Override
    public Writer writer(Path directory, String name) {
        Table table = open(directory);
        return new Writer() {
            private final Map<String, Place> places = new HashMap<>();

            @Override
            public void commit(Collection<PeerRow> inserts, Collection<PeerRow> deletes) throws IOException {
                if (!inserts.isEmpty()) {
                    append(inserts);
                }
                if (!deletes.isEmpty()) {
                    delete(deletes);
                }
            }

            private void append(Collection<PeerRow> rows) throws IOException {
                DataWriter<Record> writer = new GenericFileWriterFactory.Builder(table)
                        .dataFileFormat(format)
                        .build()
                        .newDataWriter(files(format).newOutputFile(), table.spec(), null);
                List<String> ids = new ArrayList<>();
                try (writer) {
                    for (PeerRow r : rows) {
                        ids.add(r.id());
                        writer.write(record(r));
                    }
                }
                AppendFiles append = table.newAppend().appendFile(writer.toDataFile());
                append.commit();
                for (int i = 0; i < ids.size(); i++) {
                    places.put(ids.get(i), new Place(writer.toDataFile().location(), i));
                }
            }

            private void delete(Collection<PeerRow> rows) throws IOException {
                BaseDVFileWriter writer = new BaseDVFileWriter(files(FileFormat.PUFFIN), path -> null);
                try (writer) {
                    for (PeerRow r : rows) {
                        Place place = places.remove(r.id());
                        writer.delete(place.file, place.position, table.spec(), null);
                    }
                }
                RowDelta delta = table.newRowDelta();
                for (DeleteFile file : writer.result().deleteFiles()) {
                    delta.addDeletes(file);
                }
                delta.commit();
            }

            private OutputFileFactory files(FileFormat of) {
                return OutputFileFactory.builderFor(table, 1, 1).format(of).build();
            }

            @Override
            public void close() {}
        };
    }

    private static Record record(PeerRow r) {
        Record out = GenericRecord.create(SCHEMA);
        out.set(0, r.id());
        out.set(1, r.count());
        out.set(2, r.amount());
        out.set(3, r.rate());
        out.set(4, r.status());
        return out;
    }

    @Override
    public List<String> read(Path directory) throws IOException {
        List<String> out = new ArrayList<>();
        try (CloseableIterable<Record> rows =
                IcebergGenerics.read(open(directory)).build()) {
            for (Record r : rows) {
                out.add(PeerRow.text(
                        (String) r.get(0), r.get(1), (BigDecimal) r.get(2), (Double) r.get(3), (String) r.get(4)));
            }
        }
        return out;
    }
}
