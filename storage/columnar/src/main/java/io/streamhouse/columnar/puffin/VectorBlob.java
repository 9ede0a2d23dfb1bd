package io.streamhouse.columnar.puffin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/** The bytes of one {@code deletion-vector-v1} blob. Pure. */
final class VectorBlob {
    private static final int MAGIC = 0x6439D3D1;
    private static final int LENGTH_BYTES = 4;
    private static final int CRC_BYTES = 4;
    private static final int MAGIC_BYTES = 4;
    private static final int COUNT_BYTES = 8;
    private static final int KEY_BYTES = 4;
    /** Smallest blob: no bitmap at all. */
    private static final int LEAST_BYTES = LENGTH_BYTES + MAGIC_BYTES + COUNT_BYTES + CRC_BYTES;

    private VectorBlob() {}

    /** Encodes ascending positions; they are below 2^31, so there is one 32-bit bitmap, of key 0. */
    static byte[] encode(int[] positions) {
        RoaringBitmap bitmap = RoaringBitmap.bitmapOf(positions);
        bitmap.runOptimize();
        int body = MAGIC_BYTES + COUNT_BYTES + KEY_BYTES + bitmap.serializedSizeInBytes();
        ByteBuffer out = ByteBuffer.allocate(LENGTH_BYTES + body + CRC_BYTES);
        out.putInt(body);
        out.order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC).putLong(1).putInt(0);
        bitmap.serialize(out);
        out.order(ByteOrder.BIG_ENDIAN).putInt(crc(out.array(), body));
        return out.array();
    }

    /**
     * Decodes a blob.
     *
     * @param cardinality how many positions it holds
     * @param rowCount rows of the data file; every position is below
     * @throws IOException if the bytes are no such vector
     */
    static int[] decode(byte[] blob, int cardinality, int rowCount) throws IOException {
        if (blob.length < LEAST_BYTES) {
            throw new IOException("%d bytes are no deletion vector".formatted(blob.length));
        }
        ByteBuffer in = ByteBuffer.wrap(blob);
        int body = in.getInt();
        if (body != blob.length - LENGTH_BYTES - CRC_BYTES) {
            throw new IOException("vector of %d bytes says %d".formatted(blob.length, body));
        }
        int expected = in.getInt(LENGTH_BYTES + body);
        int actual = crc(blob, body);
        if (actual != expected) {
            throw new IOException("vector has checksum 0x%08x, expected 0x%08x".formatted(actual, expected));
        }
        in.limit(LENGTH_BYTES + body).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != MAGIC) {
            throw new IOException("vector does not begin with its magic");
        }
        return positions(bitmap(in), cardinality, rowCount);
    }

    /** The bitmap of key 0; a position of any other key is beyond every file, so those must be empty. */
    private static RoaringBitmap bitmap(ByteBuffer in) throws IOException {
        long count = in.getLong();
        if (count < 0 || count > in.remaining() / KEY_BYTES) {
            throw new IOException("vector of %d bitmaps in %d bytes".formatted(count, in.remaining()));
        }
        RoaringBitmap low = new RoaringBitmap();
        long lastKey = -1;
        for (long i = 0; i < count; i++) {
            int key = in.getInt();
            RoaringBitmap bitmap = new RoaringBitmap();
            bitmap.deserialize(in);
            in.position(in.position() + bitmap.serializedSizeInBytes());
            if (key <= lastKey || (key > 0 && !bitmap.isEmpty())) {
                throw new IOException("vector holds a bitmap of key %d after %d".formatted(key, lastKey));
            }
            low = key == 0 ? bitmap : low;
            lastKey = key;
        }
        if (in.hasRemaining()) {
            throw new IOException("%d bytes follow the bitmaps".formatted(in.remaining()));
        }
        return low;
    }

    private static int[] positions(RoaringBitmap bitmap, int cardinality, int rowCount) throws IOException {
        if (cardinality > rowCount || bitmap.getLongCardinality() != cardinality) {
            throw new IOException("vector holds %d positions, expected %d of %d rows"
                    .formatted(bitmap.getLongCardinality(), cardinality, rowCount));
        }
        int[] positions = new int[cardinality];
        int last = -1;
        int n = 0;
        for (IntIterator it = bitmap.getIntIterator(); it.hasNext(); ) {
            int position = it.next();
            // the containers are taken as they come, so their order is checked here
            if (n == cardinality || position <= last || position >= rowCount) {
                throw new IOException(
                        "position %d follows %d in a file of %d rows".formatted(position, last, rowCount));
            }
            positions[n++] = position;
            last = position;
        }
        if (n != cardinality) {
            throw new IOException("vector holds %d positions, expected %d".formatted(n, cardinality));
        }
        return positions;
    }

    private static int crc(byte[] blob, int body) {
        CRC32 crc = new CRC32();
        crc.update(blob, LENGTH_BYTES, body);
        return (int) crc.getValue();
    }
}
