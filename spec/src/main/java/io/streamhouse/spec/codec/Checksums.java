package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), the checksum of every byte of the format. */
public final class Checksums {
    private Checksums() {}

    /** CRC-32C of all bytes. */
    public static int crc32c(byte[] bytes) {
        return crc32c(bytes, 0, bytes.length);
    }

    /** CRC-32C of {@code bytes[offset .. offset + length)}. */
    public static int crc32c(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /**
     * Refuses bytes that do not have the checksum of their reference: {@code CORRUPT_FILE}.
     *
     * @param object path of the object that they were read from
     * @param offset where they stand in it
     */
    public static void check(String object, long offset, byte[] bytes, int expected) {
        int actual = crc32c(bytes);
        if (actual != expected) {
            throw StreamhouseException.corrupt(
                    object,
                    "bytes at [%d, +%d) have checksum %s, expected %s"
                            .formatted(offset, bytes.length, hex(actual), hex(expected)));
        }
    }

    /** Eight lower-case hexadecimal digits, as checksums stand in JSON. */
    public static String hex(int crc) {
        return HexFormat.of().toHexDigits(crc);
    }
}
