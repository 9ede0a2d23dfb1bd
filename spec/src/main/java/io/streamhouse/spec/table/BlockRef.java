package io.streamhouse.spec.table;

import java.util.Objects;

/** Bytes that stand either here or inside an object. */
public sealed interface BlockRef {
    /** Bytes in all. */
    int length();

    /**
     * The bytes themselves; shared, not to be written.
     *
     * @param bytes content
     */
    record Inline(byte[] bytes) implements BlockRef {
        public Inline {
            Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        public int length() {
            return bytes.length;
        }
    }

    /**
     * A range of an object.
     *
     * @param path path relative to the table root
     * @param offset first byte
     * @param length bytes
     * @param crc CRC-32C of the range, checked before use
     */
    record Stored(String path, long offset, int length, int crc) implements BlockRef {
        public Stored {
            Objects.requireNonNull(path, "path");
            if (offset < 0 || length < 0) {
                throw new IllegalArgumentException("block of %s at [%d, +%d)".formatted(path, offset, length));
            }
        }
    }
}
