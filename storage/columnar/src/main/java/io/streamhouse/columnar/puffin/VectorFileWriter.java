package io.streamhouse.columnar.puffin;

import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Puffin file of deletion vectors being written, one vector after another; keeps the place of each, not its positions.
 * Nobody sees the object before {@link #commit}; {@link #close} without it leaves nothing behind. One thread.
 */
public final class VectorFileWriter implements Closeable {
    private final String path;
    private final ObjectOutput out;
    private final List<VectorFile.Blob> blobs = new ArrayList<>();

    private VectorFileWriter(String path, ObjectOutput out) {
        this.path = path;
        this.out = out;
    }

    /** Begins a file. */
    public static VectorFileWriter create(ObjectStore store, String path) throws IOException {
        VectorFileWriter writer = new VectorFileWriter(path, store.create(path));
        try {
            writer.write(PuffinFiles.MAGIC);
            return writer;
        } catch (IOException | RuntimeException e) {
            try (writer) {
                throw e;
            }
        }
    }

    /** Appends a vector; a data file has at most one in a file, which the caller sees to. */
    public void add(DeletionVector vector) throws IOException {
        byte[] blob = VectorBlob.encode(vector.positions());
        blobs.add(new VectorFile.Blob(vector.dataFile(), out.position(), blob.length, vector.positions().length));
        write(blob);
    }

    /**
     * Ends the file, which replaces an older object of its path.
     *
     * @param createdBy what the file says of its writer; empty for nothing
     */
    public VectorFile commit(String createdBy) throws IOException {
        long footerOffset = out.position();
        byte[] footer = PuffinFiles.footer(PuffinFooter.write(blobs, createdBy));
        write(footer);
        long sizeBytes = out.position();
        out.commit();
        return new VectorFile(path, sizeBytes, footerOffset, PuffinFiles.crc(footer), blobs);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes, 0, bytes.length);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
