package io.streamhouse.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * A new object being written; nobody sees it before {@link #commit()}. One thread.
 *
 * <p>{@link #close()} without a commit leaves nothing behind (best effort; an orphan under a temporary name is legal).
 */
public interface ObjectOutput extends Closeable {
    /** Appends {@code length} bytes of {@code bytes} from {@code offset}. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Bytes written so far. */
    long position();

    /** Makes the object durable and visible under its path, whole. Replaces an older object of that name. */
    void commit() throws IOException;

    @Override
    void close() throws IOException;
}
