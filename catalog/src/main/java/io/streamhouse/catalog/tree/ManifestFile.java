package io.streamhouse.catalog.tree;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.ColumnStatsCodec;
import io.streamhouse.spec.codec.RowGroupCodec;
import io.streamhouse.spec.codec.SliceCodec;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Bytes of a manifest: one row per file entry; scalars as columns of their own, slices, row groups and statistics as
 * versioned blobs.
 *
 * @see "spec/lake.md, section Manifests"
 */
final class ManifestFile {
    /** Columns in file order; their ids are part of the format. */
    static final List<Field> COLUMNS = List.of(
            new Field(1, "file_id", DataType.bytes(), false),
            new Field(2, "path", DataType.string(), false),
            new Field(3, "format", DataType.integer(), false),
            new Field(4, "size_bytes", DataType.bigint(), false),
            new Field(5, "footer_offset", DataType.bigint(), false),
            new Field(6, "footer_crc32c", DataType.integer(), false),
            new Field(7, "level", DataType.integer(), false),
            new Field(8, "content", DataType.integer(), false),
            new Field(9, "source", DataType.integer(), false),
            new Field(10, "schema_id", DataType.integer(), false),
            new Field(11, "row_count", DataType.integer(), false),
            new Field(12, "added_in", DataType.bigint(), false),
            new Field(13, "born_in", DataType.bigint(), false),
            new Field(14, "first_row_id", DataType.bigint(), false),
            new Field(15, "flags", DataType.integer(), false),
            new Field(16, "slices", DataType.bytes(), false),
            new Field(17, "row_groups", DataType.bytes(), false),
            new Field(18, "column_stats", DataType.bytes(), false));

    private static final int UUID_BYTES = 16;
    /** Flags of an entry; reserved are full vector and position map. */
    private static final int NO_FLAGS = 0;
    /** A manifest is named by its path; no mask or position points into it. */
    private static final UUID NO_ID = new UUID(0, 0);
    /** Name of the one object in the buffer that a file is made in; it leaves no trace in the bytes. */
    private static final String BUFFERED = "manifest.parquet";

    private ManifestFile() {}

    static byte[] write(List<FileEntry> entries) throws IOException {
        try (ObjectStore buffer = ObjectStores.memory()) {
            try (ColumnFileWriter writer = ColumnFiles.writer(buffer, NO_ID, BUFFERED, COLUMNS, Set.of())) {
                for (int from = 0; from < entries.size(); from += ColumnFiles.BATCH_ROWS) {
                    int to = Math.min(entries.size(), from + ColumnFiles.BATCH_ROWS);
                    writer.write(batch(entries.subList(from, to)));
                }
                writer.finish();
            }
            return buffer.read(BUFFERED);
        }
    }

    private static ColumnBatch batch(List<FileEntry> entries) {
        List<ColumnBuilder> builders = new ArrayList<>();
        for (Field column : COLUMNS) {
            builders.add(ColumnBuilder.of(column.type().physical()));
        }
        for (FileEntry entry : entries) {
            RowAppender row = new RowAppender(builders);
            DataFile file = entry.file();
            FileObject object = file.object();
            row.add(bytes(object.id()));
            row.add(object.path());
            row.add(object.format().ordinal());
            row.add(object.sizeBytes());
            row.add(object.footerOffset());
            row.add(object.footerCrc());
            row.add(file.origin().level());
            row.add(file.origin().content().ordinal());
            row.add(file.origin().source().ordinal());
            row.add(file.origin().schemaId());
            row.add(file.rowCount());
            row.add(entry.addedIn());
            row.add(entry.bornIn());
            row.add(entry.firstRowId());
            row.add(NO_FLAGS);
            row.add(SliceCodec.write(file.slices()));
            row.add(RowGroupCodec.write(file.rowGroups()));
            row.add(ColumnStatsCodec.write(file.stats()));
        }
        return ColumnBatch.of(builders.stream().map(ColumnBuilder::build).toList());
    }

    /** Appends the values of one row, column after column. */
    private static final class RowAppender {
        private final List<ColumnBuilder> builders;
        private int column;

        RowAppender(List<ColumnBuilder> builders) {
            this.builders = builders;
        }

        void add(int value) {
            ((ColumnBuilder.OfInts) builders.get(column++)).append(value);
        }

        void add(long value) {
            ((ColumnBuilder.OfLongs) builders.get(column++)).append(value);
        }

        void add(byte[] value) {
            ((ColumnBuilder.OfBytes) builders.get(column++)).append(value);
        }

        void add(String value) {
            add(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** Reads a manifest whose bytes were found to be what its reference says. */
    static List<FileEntry> read(byte[] bytes, String path) throws IOException {
        try (ObjectStore buffer = ObjectStores.memory()) {
            buffer.put(path, bytes);
            WrittenFile written = ColumnFiles.describe(buffer, NO_ID, path, COLUMNS);
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
            int[] all = IntStream.range(0, COLUMNS.size()).toArray();
            try (ColumnFileReader reader = ColumnFiles.reader(buffer, file, COLUMNS, all, 0, written.rowCount())) {
                for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        entries.add(entry(batch, batch.position(i), path));
                    }
                }
            }
            return entries;
        }
    }

    private static FileEntry entry(ColumnBatch batch, int row, String path) {
        RowCursor in = new RowCursor(batch, row, path);
        try {
            UUID id = in.uuid();
            FileObject object = new FileObject(
                    id, in.text(), in.constant(FileFormat.class), in.longValue(), in.longValue(), in.intValue());
            DataFile.Origin origin = new DataFile.Origin(
                    in.intValue(), in.constant(ContentType.class), in.constant(FileSource.class), in.intValue());
            int rows = in.intValue();
            long addedIn = in.longValue();
            long bornIn = in.longValue();
            long firstRowId = in.longValue();
            in.expectFlags(NO_FLAGS);
            DataFile file = new DataFile(
                    object,
                    origin,
                    rows,
                    SliceCodec.read(in.bytes(), path),
                    RowGroupCodec.read(in.bytes(), path),
                    ColumnStatsCodec.read(in.bytes(), path));
            return new FileEntry(file, addedIn, bornIn, firstRowId);
        } catch (IllegalArgumentException e) {
            throw StreamhouseException.corrupt(path, "manifest entry %d: %s".formatted(row, e.getMessage()), e);
        }
    }

    /** Hands out the values of one row, column after column. */
    private static final class RowCursor {
        private final ColumnBatch batch;
        private final int row;
        private final String path;
        private int column;

        RowCursor(ColumnBatch batch, int row, String path) {
            this.batch = batch;
            this.row = row;
            this.path = path;
        }

        int intValue() {
            return ((ColumnVector.Ints) batch.column(column++)).values()[row];
        }

        long longValue() {
            return ((ColumnVector.Longs) batch.column(column++)).values()[row];
        }

        byte[] bytes() {
            ColumnVector.Bytes vector = (ColumnVector.Bytes) batch.column(column++);
            return Arrays.copyOfRange(vector.data(), vector.offsets()[row], vector.offsets()[row + 1]);
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        UUID uuid() {
            byte[] bytes = bytes();
            if (bytes.length != UUID_BYTES) {
                throw new IllegalArgumentException("a file id of %d bytes".formatted(bytes.length));
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong());
        }

        void expectFlags(int known) {
            int flags = intValue();
            if (flags != known) {
                throw StreamhouseException.unknownVersion(path, "manifest entry with flags %d".formatted(flags));
            }
        }

        /** A constant, kept as its place in the declaration. */
        <E extends Enum<E>> E constant(Class<E> type) {
            int place = intValue();
            E[] constants = type.getEnumConstants();
            if (place < 0 || place >= constants.length) {
                throw StreamhouseException.unknownVersion(
                        path, "%s %d in a manifest".formatted(type.getSimpleName(), place));
            }
            return constants[place];
        }
    }
}
