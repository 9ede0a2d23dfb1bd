package io.streamhouse.spec.table;

/**
 * Where one column chunk stands, so that a scan reads it without the footer.
 *
 * @param fieldId field id of the column
 * @param offset first byte (dictionary page included)
 * @param length bytes
 * @param codec Parquet compression codec number (0 uncompressed, 1 snappy, 2 gzip, 6 zstd, 7 lz4_raw)
 * @param crc CRC-32C of the chunk's bytes, checked before use
 */
public record ChunkLocator(int fieldId, long offset, int length, int codec, int crc) {
    public ChunkLocator {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "column chunk of field %d at [%d, +%d)".formatted(fieldId, offset, length));
        }
    }
}
