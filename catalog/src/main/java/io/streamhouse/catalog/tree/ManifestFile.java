package io.streamhouse.catalog.tree;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.spec.codec.ManifestRows;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Bytes of a manifest: a columnar file of {@link ManifestRows}, one row per file entry.
 *
 * @see "spec/lake.md, section Manifests"
 */
final class ManifestFile {
    /** A manifest is named by its path; no mask or position points into it. */
    private static final UUID NO_ID = new UUID(0, 0);
    /** Name of the one object in the buffer that a file is made in; it leaves no trace in the bytes. */
    private static final String BUFFERED = "manifest.parquet";

    private ManifestFile() {}

    static byte[] write(List<FileEntry> entries) throws IOException {
        try (ObjectStore buffer = ObjectStores.memory()) {
            try (ColumnFileWriter writer = ColumnFiles.writer(buffer, NO_ID, BUFFERED, ManifestRows.FIELDS, Set.of())) {
                for (int from = 0; from < entries.size(); from += ColumnFiles.BATCH_ROWS) {
                    int to = Math.min(entries.size(), from + ColumnFiles.BATCH_ROWS);
                    writer.write(ManifestRows.batch(entries.subList(from, to)));
                }
                writer.finish();
            }
            return buffer.read(BUFFERED);
        }
    }

    /** Reads a manifest whose bytes were found to be what its reference says. */
    static List<FileEntry> read(byte[] bytes, String path) throws IOException {
        try (ObjectStore buffer = ObjectStores.memory()) {
            buffer.put(path, bytes);
            WrittenFile written = ColumnFiles.describe(buffer, NO_ID, path, ManifestRows.FIELDS);
            if (written.rowCount() == 0) {
                return List.of();
            }
            Slice whole = new Slice(Partition.NONE, 1, 0, 0, written.rowCount(), Slice.KeyRange.NONE);
            DataFile file = new DataFile(
                    written.object(),
                    new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                    written.rowCount(),
                    List.of(whole),
                    written.rowGroups(),
                    List.of());
            List<FileEntry> entries = new ArrayList<>();
            int[] all = IntStream.range(0, ManifestRows.FIELDS.size()).toArray();
            try (ColumnFileReader reader =
                    ColumnFiles.reader(buffer, file, ManifestRows.FIELDS, all, 0, written.rowCount())) {
                for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    entries.addAll(ManifestRows.entries(batch, path));
                }
            }
            return entries;
        }
    }
}
