package io.streamhouse.columnar;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Column files of every format. Paths are relative to the table's store. Thread-safe; what it opens is not. */
public final class ColumnFiles {
    /** Most rows of a batch, and of a page that is written: a batch is then a page, decoded without a copy. */
    public static final int BATCH_ROWS = 8192;

    private ColumnFiles() {}

    /** Where a new data file of a table stands: {@code data/<id>.parquet} or {@code .orc}. */
    public static String path(FileFormat format, UUID id) {
        String suffix =
                switch (format) {
                    case PARQUET -> ".parquet";
                    case ORC -> ".orc";
                };
        return "data/" + id + suffix;
    }

    /** Says early what a writer or reader would say: {@code BAD_OPTION_VALUE} if jars that the format needs are missing. */
    public static void requireFormat(FileFormat format) {
        if (format == FileFormat.ORC) {
            OrcJars.require();
        }
    }

    /**
     * A writer of a new Parquet file.
     *
     * @param tableStore the table's store
     * @param id identity of the file
     * @param path path of the new object
     * @param columns columns of the file with their field ids, at least one
     * @param statsFieldIds field ids of the columns that get statistics
     */
    public static ColumnFileWriter writer(
            ObjectStore tableStore, UUID id, String path, List<Field> columns, Set<Integer> statsFieldIds)
            throws IOException {
        return writer(FileFormat.PARQUET, tableStore, id, path, columns, statsFieldIds);
    }

    /**
     * A writer of a new file of the given format. ORC needs jars of its own; {@code BAD_OPTION_VALUE} names them if they
     * are missing, here and in {@link #reader}.
     */
    public static ColumnFileWriter writer(
            FileFormat format,
            ObjectStore tableStore,
            UUID id,
            String path,
            List<Field> columns,
            Set<Integer> statsFieldIds)
            throws IOException {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a column file needs at least one column: " + path);
        }
        return switch (format) {
            case PARQUET -> ParquetWriter.open(tableStore, id, path, columns, statsFieldIds);
            case ORC -> {
                OrcJars.require();
                yield OrcWriter.open(tableStore, id, path, columns, statsFieldIds);
            }
        };
    }

    /**
     * A reader of rows {@code [fromRow, toRow)} of a file. Checks that the object exists with its recorded length.
     *
     * @param tableStore the table's store
     * @param file what the manifest says about it
     * @param fileColumns columns of the schema that the file was written with
     * @param projection indexes into {@code fileColumns} of the columns to read, in the order of the batches' columns;
     *     may be empty
     * @param fromRow first row
     * @param toRow behind the last row
     */
    public static ColumnFileReader reader(
            ObjectStore tableStore, DataFile file, List<Field> fileColumns, int[] projection, int fromRow, int toRow)
            throws IOException {
        return switch (file.object().format()) {
            case PARQUET -> new ParquetReader(tableStore, file, fileColumns, projection, fromRow, toRow);
            case ORC -> {
                OrcJars.require();
                yield new OrcReader(tableStore, file, fileColumns, projection, fromRow, toRow);
            }
        };
    }

    /**
     * Describes a Parquet file from its footer, for files that no entry describes; without statistics. Reads the whole
     * file once, to know the checksums of its chunks.
     *
     * @param columns columns that the file must have, in file order; else {@code CORRUPT_FILE}
     */
    public static WrittenFile describe(ObjectStore store, UUID id, String path, List<Field> columns)
            throws IOException {
        return ParquetFooter.read(store, id, path, columns);
    }

    /** Reads a block and checks its length and CRC-32C; an inline block is returned as it is. */
    public static byte[] readBlock(ObjectStore tableStore, BlockRef ref) throws IOException {
        if (ref instanceof BlockRef.Inline inline) {
            return inline.bytes();
        }
        BlockRef.Stored stored = (BlockRef.Stored) ref;
        return tableStore.readChecked(stored.path(), new CheckedRange(stored.offset(), stored.length(), stored.crc()));
    }

    /** Checks length and footer of a file against its checksum; of the rest nothing is read. */
    public static void verifyFooter(ObjectStore tableStore, DataFile file) throws IOException {
        FileCheck.verifyFooter(tableStore, file);
    }

    static CheckedRange range(ChunkLocator chunk) {
        return new CheckedRange(chunk.offset(), chunk.length(), chunk.crc());
    }

    /** Checks length, footer and every column chunk of a file against their checksums; reads all of it. */
    public static void verify(ObjectStore tableStore, DataFile file) throws IOException {
        FileCheck.verify(tableStore, file);
    }
}
