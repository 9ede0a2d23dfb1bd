package io.streamhouse.columnar.puffin;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes and reads Puffin files of deletion vectors. Thread-safe; paths are relative to the store. */
public final class PuffinFiles {
    static final byte[] MAGIC = {'P', 'F', 'A', '1'};
    /** Length of the JSON, flags, magic. */
    private static final int TRAILER_BYTES = 12;

    private static final int MAX_FOOTER_BYTES = 256 << 20;

    private PuffinFiles() {}

    /**
     * Writes one file of all vectors, in their order.
     *
     * @param createdBy what the file says of its writer; empty for nothing
     */
    public static VectorFile write(ObjectStore store, String path, List<DeletionVector> vectors, String createdBy)
            throws IOException {
        try (VectorFileWriter out = VectorFileWriter.create(store, path)) {
            for (DeletionVector vector : vectors) {
                out.add(vector);
            }
            return out.commit(createdBy);
        }
    }

    static byte[] footer(byte[] json) {
        return ByteBuffer.allocate(MAGIC.length + json.length + TRAILER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put(json)
                .putInt(json.length)
                .putInt(0)
                .put(MAGIC)
                .array();
    }

    /**
     * Reads one vector through its reference, without the footer.
     *
     * @param rowCount rows of the data file; every position is below, and no more are allocated
     */
    public static DeletionVector read(ObjectStore store, String path, VectorFile.Blob blob, int rowCount)
            throws IOException {
        long size = size(store, path);
        if (blob.offset() > size - blob.length()) {
            throw StreamhouseException.corrupt(
                    path, "vector at [%d, +%d) of a file of %d bytes".formatted(blob.offset(), blob.length(), size));
        }
        byte[] bytes = store.read(path, blob.offset(), blob.length());
        try {
            return new DeletionVector(blob.dataFile(), VectorBlob.decode(bytes, blob.cardinality(), rowCount));
        } catch (IOException | RuntimeException e) {
            throw StreamhouseException.corrupt(
                    path, "deletion vector of %s: %s".formatted(blob.dataFile(), e.getMessage()), e);
        }
    }

    /** Checks length and footer of a file against what was remembered, and that the footer lists the same vectors. */
    public static void verify(ObjectStore store, VectorFile file) throws IOException {
        if (!describe(store, file.path()).equals(file)) {
            throw StreamhouseException.corrupt(file.path(), "the Puffin file is not the one that was written");
        }
    }

    /** Describes a file that nobody remembers, from its footer: whatever its footer says is believed. */
    public static VectorFile describe(ObjectStore store, String path) throws IOException {
        long size = size(store, path);
        int least = 2 * MAGIC.length + TRAILER_BYTES;
        if (size < least) {
            throw StreamhouseException.corrupt(path, "%d bytes are no Puffin file".formatted(size));
        }
        ByteBuffer trailer = ByteBuffer.wrap(store.read(path, size - TRAILER_BYTES, TRAILER_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        int length = trailer.getInt();
        int flags = trailer.getInt();
        if (!isMagic(trailer.array(), TRAILER_BYTES - MAGIC.length)
                || !isMagic(store.read(path, 0, MAGIC.length), 0)
                || length < 0
                || length > MAX_FOOTER_BYTES
                || length > size - least) {
            throw StreamhouseException.corrupt(path, "the file does not end in a Puffin footer");
        }
        if (flags != 0) {
            throw StreamhouseException.unknownVersion(path, "Puffin footer with flags 0x%08x".formatted(flags));
        }
        long offset = size - TRAILER_BYTES - length - MAGIC.length;
        byte[] footer = store.read(path, offset, length + MAGIC.length + TRAILER_BYTES);
        if (!isMagic(footer, 0)) {
            throw StreamhouseException.corrupt(path, "the Puffin footer does not begin with its magic");
        }
        try {
            byte[] json = Arrays.copyOfRange(footer, MAGIC.length, MAGIC.length + length);
            return new VectorFile(path, size, offset, crc(footer), PuffinFooter.read(json, offset));
        } catch (IOException | RuntimeException e) {
            throw StreamhouseException.corrupt(path, "the Puffin footer cannot be read", e);
        }
    }

    private static boolean isMagic(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static long size(ObjectStore store, String path) throws IOException {
        long size = store.size(path);
        if (size < 0) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE, "Puffin file does not exist (object=%s)".formatted(path));
        }
        return size;
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
