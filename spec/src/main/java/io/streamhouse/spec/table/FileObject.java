package io.streamhouse.spec.table;

import java.util.Objects;
import java.util.UUID;

/**
 * The object behind a data file and what is checked before its bytes are used.
 *
 * @param id identity of the file in masks and positions
 * @param path path relative to the table root
 * @param format file format
 * @param sizeBytes length of the object
 * @param footerOffset first byte of the footer (Parquet: of the thrift footer)
 * @param footerCrc CRC-32C of the bytes from {@code footerOffset} to the end
 */
public record FileObject(UUID id, String path, FileFormat format, long sizeBytes, long footerOffset, int footerCrc) {
    public FileObject {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(format, "format");
        if (footerOffset < 0 || footerOffset > sizeBytes) {
            throw new IllegalArgumentException(
                    "footer of %s at %d of %d bytes".formatted(path, footerOffset, sizeBytes));
        }
    }
}
