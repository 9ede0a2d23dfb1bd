package io.streamhouse.columnar.puffin;

import java.util.List;
import java.util.Objects;

/**
 * A Puffin file of deletion vectors: what must be remembered of it, because a Puffin footer has no checksum of its own.
 *
 * @param path path of the object
 * @param sizeBytes length of the object
 * @param footerOffset first byte of the footer, its magic included
 * @param footerCrc CRC-32C of the bytes from {@code footerOffset} to the end
 * @param blobs in file order
 */
public record VectorFile(String path, long sizeBytes, long footerOffset, int footerCrc, List<Blob> blobs) {
    public VectorFile {
        Objects.requireNonNull(path, "path");
        blobs = List.copyOf(blobs);
    }

    /**
     * Where one vector stands.
     *
     * @param dataFile the data file that it belongs to
     * @param offset first byte
     * @param length bytes
     * @param cardinality positions, 1 or more
     */
    public record Blob(String dataFile, long offset, int length, int cardinality) {
        public Blob {
            Objects.requireNonNull(dataFile, "dataFile");
            if (offset < 0 || length < 0 || cardinality < 1) {
                throw new IllegalArgumentException(
                        "vector of %s at [%d, +%d) with %d positions".formatted(dataFile, offset, length, cardinality));
            }
        }
    }
}
