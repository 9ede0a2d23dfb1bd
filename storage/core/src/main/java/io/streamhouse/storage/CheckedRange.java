package io.streamhouse.storage;

import io.streamhouse.spec.codec.Checksums;

/**
 * A range of an object whose checksum stands in what refers to it; it never changes.
 *
 * @param offset first byte
 * @param length bytes
 * @param crc32c their CRC-32C
 */
public record CheckedRange(long offset, int length, int crc32c) {
    long end() {
        return offset + length;
    }

    /** The bytes, if they are those of the range; else {@code CORRUPT_FILE}. */
    byte[] checked(String path, byte[] bytes) {
        Checksums.check(path, offset, bytes, crc32c);
        return bytes;
    }
}
