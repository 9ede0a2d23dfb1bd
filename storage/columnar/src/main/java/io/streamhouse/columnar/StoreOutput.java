package io.streamhouse.columnar;

import io.streamhouse.storage.ObjectOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Parquet's and ORC's view of an object being written; knows the checksum of the part written since a mark. One thread. */
final class StoreOutput extends PositionOutputStream implements OutputFile {
    private static final int BUFFER_BYTES = 64 << 10;

    private final ObjectOutput object;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CRC32C crc = new CRC32C();
    private int buffered;
    private ByteArrayOutputStream tail;

    StoreOutput(ObjectOutput object) {
        this.object = object;
    }

    @Override
    public long getPos() {
        return object.position() + buffered;
    }

    @Override
    public void write(int b) throws IOException {
        if (buffered == BUFFER_BYTES) {
            drain();
        }
        buffer[buffered++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > BUFFER_BYTES - buffered) {
            drain();
        }
        if (length > BUFFER_BYTES) {
            pass(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    private void drain() throws IOException {
        int length = buffered;
        buffered = 0;
        pass(buffer, 0, length);
    }

    private void pass(byte[] bytes, int offset, int length) throws IOException {
        crc.update(bytes, offset, length);
        if (tail != null) {
            tail.write(bytes, offset, length);
        }
        object.write(bytes, offset, length);
    }

    /** Begins a new part and returns its position. */
    long mark() throws IOException {
        drain();
        crc.reset();
        return object.position();
    }

    /** CRC-32C of the bytes since the mark. */
    int crcSinceMark() throws IOException {
        drain();
        return (int) crc.getValue();
    }

    /** From here on all bytes are kept for {@link #takeTail()}. */
    void keepTail() throws IOException {
        drain();
        tail = new ByteArrayOutputStream();
    }

    /** What was written since {@link #keepTail()}; nothing more is kept. */
    byte[] takeTail() throws IOException {
        drain();
        byte[] bytes = tail.toByteArray();
        tail = null;
        return bytes;
    }

    @Override
    public void close() {
        // the object is its owner's to commit and close
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}
