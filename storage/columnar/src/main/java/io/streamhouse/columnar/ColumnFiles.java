package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Opens column files for writing and reading, whatever their format. Thread-safe. */
public final class ColumnFiles {
    /** Rows of a full batch. */
    public static final int BATCH_ROWS = 8192;

    private ColumnFiles() {}

    /**
     * A new Parquet file.
     *
     * @param store store at the table root
     * @param id identity of the file
     * @param path path of the object
     * @param columns columns in file order, with field ids
     * @param statsFieldIds columns that get statistics
     */
    public static ColumnFileWriter writer(
            ObjectStore store, UUID id, String path, List<Field> columns, Set<Integer> statsFieldIds)
            throws IOException {
        return new ParquetFileOutput(store, id, path, columns, statsFieldIds);
    }

    /**
     * Rows {@code [fromRow, toRow)} of a file.
     *
     * @param fileColumns columns of the schema that the file was written with
     * @param projection indexes into {@code fileColumns}, in the order wanted
     */
    public static ColumnFileReader reader(
            ObjectStore store, DataFile file, List<Field> fileColumns, int[] projection, int fromRow, int toRow)
            throws IOException {
        return switch (file.object().format()) {
            case PARQUET -> new ParquetFileInput(store, file, fileColumns, projection, fromRow, toRow);
            case ORC ->
                throw new StreamhouseException(
                        ErrorCode.UNKNOWN_VERSION,
                        "ORC is not available yet (object=%s)"
                                .formatted(file.object().path()));
        };
    }

    /** The bytes of a block; length and CRC-32C of a stored one are checked. */
    public static byte[] readBlock(ObjectStore store, BlockRef ref) throws IOException {
        if (ref instanceof BlockRef.Inline inline) {
            return inline.bytes();
        }
        BlockRef.Stored stored = (BlockRef.Stored) ref;
        byte[] bytes = store.read(stored.path(), stored.offset(), stored.length());
        int crc = crc(bytes);
        if (crc != stored.crc()) {
            throw StreamhouseException.corrupt(
                    stored.path(),
                    "block at %d has checksum 0x%08x, expected 0x%08x".formatted(stored.offset(), crc, stored.crc()));
        }
        return bytes;
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
