package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.codec.Checksums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/**
 * Makes the checksums that stand inside of damaged bytes fit the damage, so that only the one in what refers to them can
 * tell. What cannot be parsed any more is left as it is.
 */
final class Forgery {
    private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FRAME = "SH".getBytes(StandardCharsets.US_ASCII);
    /** Length of the footer and the last magic of a Parquet file. */
    private static final int TRAILER = 8;

    private Forgery() {}

    /** A record whose second line confirms the first, whatever that is. */
    static byte[] record(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n') {
            length++;
        }
        byte[] line = "\n{\"length\":%d,\"crc32c\":\"%s\"}\n"
                .formatted(length, Checksums.hex(Checksums.crc32c(bytes, 0, length)))
                .getBytes(StandardCharsets.US_ASCII);
        byte[] out = Arrays.copyOf(bytes, length + line.length);
        System.arraycopy(line, 0, out, length, line.length);
        return out;
    }

    /** A block, a Parquet file, or some of its pages; in place. */
    static byte[] block(byte[] bytes) {
        if (startsWith(bytes, FRAME) && bytes.length > 4) {
            int end = bytes.length - 4;
            little(bytes).putInt(end, Checksums.crc32c(bytes, 0, end));
        } else if (startsWith(bytes, PARQUET) && bytes.length > TRAILER) {
            pages(bytes, PARQUET.length, bytes.length - TRAILER - little(bytes).getInt(bytes.length - TRAILER));
        } else {
            pages(bytes, 0, bytes.length);
        }
        return bytes;
    }

    private static boolean startsWith(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void pages(byte[] bytes, int from, int to) {
        try {
            int at = from;
            while (at < to) {
                ByteArrayInputStream in = new ByteArrayInputStream(bytes, at, to - at);
                PageHeader header = Util.readPageHeader(in);
                int body = to - in.available();
                if (header.getCompressed_page_size() < 0 || header.getCompressed_page_size() > to - body) {
                    return;
                }
                CRC32 crc = new CRC32();
                crc.update(bytes, body, header.getCompressed_page_size());
                header.setCrc((int) crc.getValue());
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Util.writePageHeader(header, out);
                if (out.size() == body - at) {
                    System.arraycopy(out.toByteArray(), 0, bytes, at, out.size());
                }
                at = body + header.getCompressed_page_size();
            }
        } catch (IOException | RuntimeException e) {
            // no header of a page any more: whoever reads it will say so
        }
    }
}
