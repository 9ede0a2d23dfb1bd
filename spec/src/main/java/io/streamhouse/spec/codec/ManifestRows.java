package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The columns of a manifest, one row per file entry: what a columnar file stores under {@code manifest/}. All columns are
 * NOT NULL; slices, row groups and statistics are frames of their own, so that a reader may leave them out.
 *
 * @see "spec/lake.md, section Manifests"
 */
public final class ManifestRows {
    /** Columns in order; ids never change. */
    public static final List<Field> FIELDS = List.of(
            field(1, "file_id", new DataType(TypeRoot.VARBINARY, 16, 0)),
            field(2, "path", DataType.string()),
            field(3, "format", DataType.integer()),
            field(4, "size_bytes", DataType.bigint()),
            field(5, "footer_offset", DataType.bigint()),
            field(6, "footer_crc32c", DataType.integer()),
            field(7, "level", DataType.integer()),
            field(8, "content", DataType.integer()),
            field(9, "source", DataType.integer()),
            field(10, "schema_id", DataType.integer()),
            field(11, "row_count", DataType.integer()),
            field(12, "added_in", DataType.bigint()),
            field(13, "born_in", DataType.bigint()),
            field(14, "first_row_id", DataType.bigint()),
            field(15, "flags", DataType.integer()),
            field(16, "slices", DataType.bytes()),
            field(17, "row_groups", DataType.bytes()),
            field(18, "column_stats", DataType.bytes()));

    private ManifestRows() {}

    private static Field field(int id, String name, DataType type) {
        return new Field(id, name, type, false);
    }

    /** The entries as rows, in order. */
    public static ColumnBatch batch(List<FileEntry> entries) {
        ColumnBuilder[] out =
                FIELDS.stream().map(f -> ColumnBuilder.of(f.type().physical())).toArray(ColumnBuilder[]::new);
        for (FileEntry e : entries) {
            RowOutput row = new RowOutput(out);
            DataFile file = e.file();
            FileObject object = file.object();
            row.put(bytes(o -> o.writeUuid(object.id())));
            row.put(textBytes(object.path()));
            row.put(object.format().ordinal());
            row.put(object.sizeBytes());
            row.put(object.footerOffset());
            row.put(object.footerCrc());
            row.put(file.origin().level());
            row.put(DataFileCodec.checkedContent(file).ordinal());
            row.put(file.origin().source().ordinal());
            row.put(file.origin().schemaId());
            row.put(file.rowCount());
            row.put(e.addedIn());
            row.put(e.bornIn());
            row.put(e.firstRowId());
            row.put(0);
            row.put(SliceCodec.write(file.slices()));
            row.put(RowGroupCodec.write(file.rowGroups()));
            row.put(ColumnStatsCodec.write(file.stats()));
        }
        return ColumnBatch.of(Arrays.stream(out).map(ColumnBuilder::build).toList());
    }

    private static byte[] bytes(Consumer<ByteOutput> write) {
        ByteOutput out = new ByteOutput();
        write.accept(out);
        return out.toByteArray();
    }

    private static byte[] textBytes(String text) {
        // the strict encoder of strings, without its length
        byte[] withLength = bytes(o -> o.writeString(text));
        ByteInput in = new ByteInput(withLength, text);
        return in.readBytes();
    }

    /** The entries of the selected rows of a manifest's batch; {@code object} is what errors name. */
    public static List<FileEntry> entries(ColumnBatch batch, String object) {
        checkColumns(batch, object);
        List<FileEntry> out = new ArrayList<>(batch.selectedCount());
        for (int i = 0; i < batch.selectedCount(); i++) {
            RowInput row = new RowInput(batch, batch.position(i), object);
            out.add(Frame.checked(object, () -> entry(row, object)));
        }
        return out;
    }

    private static void checkColumns(ColumnBatch batch, String object) {
        boolean fit = batch.columns().size() == FIELDS.size();
        for (int c = 0; fit && c < FIELDS.size(); c++) {
            fit = batch.column(c).physical() == FIELDS.get(c).type().physical()
                    && !batch.column(c).hasNulls();
        }
        if (!fit) {
            throw StreamhouseException.corrupt(object, "columns are not those of a manifest");
        }
    }

    private static FileEntry entry(RowInput row, String object) {
        ByteInput idBytes = new ByteInput(row.bytes(), object);
        UUID fileId = idBytes.readUuid();
        idBytes.expectEnd();
        FileObject file = new FileObject(
                fileId,
                row.text(),
                EnumCodes.of(row.integer(), FileFormat.class, object),
                row.number(),
                row.number(),
                row.integer());
        int level = row.integer();
        ContentType content = DataFileCodec.checkedContent(
                EnumCodes.of(row.integer(), ContentType.class, object), object, file.path());
        FileSource source = EnumCodes.of(row.integer(), FileSource.class, object);
        DataFile.Origin origin = new DataFile.Origin(level, content, source, row.integer());
        int rowCount = row.integer();
        long addedIn = row.number();
        long bornIn = row.number();
        long firstRowId = row.number();
        int flags = row.integer();
        if (flags != 0) {
            throw StreamhouseException.unknownVersion(object, "manifest entry with flags %d".formatted(flags));
        }
        DataFile data = new DataFile(
                file,
                origin,
                rowCount,
                SliceCodec.read(row.bytes(), object),
                RowGroupCodec.read(row.bytes(), object),
                ColumnStatsCodec.read(row.bytes(), object));
        return new FileEntry(data, addedIn, bornIn, firstRowId);
    }

    /** Appends values column after column. */
    private static final class RowOutput {
        private final ColumnBuilder[] columns;
        private int next;

        RowOutput(ColumnBuilder[] columns) {
            this.columns = columns;
        }

        void put(int value) {
            ((ColumnBuilder.OfInts) columns[next++]).append(value);
        }

        void put(long value) {
            ((ColumnBuilder.OfLongs) columns[next++]).append(value);
        }

        void put(byte[] value) {
            ((ColumnBuilder.OfBytes) columns[next++]).append(value);
        }
    }

    /** Reads values column after column. */
    private static final class RowInput {
        private final ColumnBatch batch;
        private final int position;
        private final String object;
        private int next;

        RowInput(ColumnBatch batch, int position, String object) {
            this.batch = batch;
            this.position = position;
            this.object = object;
        }

        int integer() {
            return ((ColumnVector.Ints) batch.column(next++)).values()[position];
        }

        long number() {
            return ((ColumnVector.Longs) batch.column(next++)).values()[position];
        }

        byte[] bytes() {
            ColumnVector.Bytes b = (ColumnVector.Bytes) batch.column(next++);
            return Arrays.copyOfRange(b.data(), b.offsets()[position], b.offsets()[position + 1]);
        }

        String text() {
            byte[] utf8 = bytes();
            ByteOutput withLength = new ByteOutput();
            withLength.writeBytes(utf8);
            return new ByteInput(withLength.toByteArray(), object).readString();
        }
    }
}
