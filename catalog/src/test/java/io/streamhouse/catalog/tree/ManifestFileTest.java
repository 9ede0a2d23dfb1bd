package io.streamhouse.catalog.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.FileEntryCodec;
import io.streamhouse.spec.codec.ManifestRows;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A manifest names files of rows and nothing else. */
class ManifestFileTest {
    private static final int CONTENT_COLUMN = 7;

    private static FileEntry entry(int n) {
        byte[] key = {(byte) n};
        Slice slice = new Slice(Partition.NONE, 1, 0, 0, 5, new Slice.KeyRange(key, key, new KeyDigest(n, n)));
        DataFile file = new DataFile(
                new FileObject(new UUID(1, n), "data/" + n + ".parquet", FileFormat.PARQUET, 1000, 900, 12345),
                new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                5,
                List.of(slice),
                List.of(),
                List.of());
        return new FileEntry(file, 3, 2, 10L * n);
    }

    @Test
    void entriesComeBackAsTheyWere() throws Exception {
        List<FileEntry> entries = new ArrayList<>();
        for (int n = 0; n < 3000; n++) {
            entries.add(entry(n));
        }
        List<FileEntry> read = ManifestFile.read(ManifestFile.write(entries), "manifest/x.parquet");
        assertEquals(entries.size(), read.size());
        for (int n = 0; n < entries.size(); n++) {
            assertArrayEquals(FileEntryCodec.write(entries.get(n)), FileEntryCodec.write(read.get(n)), "entry " + n);
        }
    }

    @ParameterizedTest
    @EnumSource(value = ContentType.class, mode = EnumSource.Mode.EXCLUDE, names = "DATA")
    void contentThatIsNotRowsIsNotReadAsRows(ContentType content) throws Exception {
        ColumnBatch rows = ManifestRows.batch(List.of(entry(1)));
        List<ColumnVector> columns = new ArrayList<>(rows.columns());
        ColumnBuilder other =
                ColumnBuilder.of(ManifestRows.FIELDS.get(CONTENT_COLUMN).type().physical());
        ((ColumnBuilder.OfInts) other).append(content.ordinal());
        columns.set(CONTENT_COLUMN, other.build());
        ObjectStore store = ObjectStores.memory();
        try (ColumnFileWriter writer = ColumnFiles.writer(store, new UUID(0, 0), "x", ManifestRows.FIELDS, Set.of())) {
            writer.write(ColumnBatch.of(columns));
            writer.finish();
        }
        StreamhouseException e = assertThrows(
                StreamhouseException.class, () -> ManifestFile.read(store.read("x"), "manifest/x.parquet"));
        assertEquals(ErrorCode.UNKNOWN_VERSION, e.code());
        assertTrue(e.getMessage().contains("manifest/x.parquet"), e.getMessage());
        assertTrue(e.getMessage().contains(content.name()), e.getMessage());
    }
}
