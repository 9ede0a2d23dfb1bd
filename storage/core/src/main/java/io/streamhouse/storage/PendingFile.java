package io.streamhouse.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A file under a temporary name beside its later place; closing deletes what was not renamed. One thread. */
final class PendingFile implements Closeable {
    /** What temporary names begin with; the dot keeps them out of every listing. */
    static final String NAME_PREFIX = ".tmp-";
    /** The JDK copies heap buffers through a direct buffer of the same size, so large writes go in pieces. */
    private static final int PIECE_BYTES = 1 << 18;

    private static final int MAX_NAMES_TRIED = 100_000;
    // Unique without chance: the process, its start (process ids come again) and a number. In containers that share a
    // file system ids may still meet; then the next number is tried.
    private static final String PROCESS = "%s%d-%d-"
            .formatted(
                    NAME_PREFIX,
                    ProcessHandle.current().pid(),
                    ProcessHandle.current()
                            .info()
                            .startInstant()
                            .map(Instant::toEpochMilli)
                            .orElse(0L));
    private static final AtomicLong NUMBER = new AtomicLong();

    private final LocalDisk disk;
    private final Path file;
    private final FileChannel channel;
    private long position;
    private boolean renamed;

    private PendingFile(LocalDisk disk, Path file, FileChannel channel) {
        this.disk = disk;
        this.file = file;
        this.channel = channel;
    }

    static PendingFile in(Path directory, LocalDisk disk) throws IOException {
        for (int tries = 1; ; tries++) {
            Path file = directory.resolve(PROCESS + NUMBER.incrementAndGet());
            try {
                return new PendingFile(disk, file, disk.create(file));
            } catch (FileAlreadyExistsException e) {
                if (tries >= MAX_NAMES_TRIED) {
                    throw e;
                }
            }
        }
    }

    /** Whether the last part of a path is the name of an unfinished object. */
    static boolean isTemporary(String name) {
        return name.startsWith(NAME_PREFIX);
    }

    Path path() {
        return file;
    }

    long position() {
        return position;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int piece = Math.min(PIECE_BYTES, length - done);
            disk.write(channel, ByteBuffer.wrap(bytes, offset + done, piece));
            done += piece;
            position += piece;
        }
    }

    void sync() throws IOException {
        disk.sync(channel, file);
    }

    /** Gives the synced file its place, replacing what stands there; the directory is still to be synced. */
    void rename(Path target) throws IOException {
        disk.rename(file, target);
        renamed = true;
    }

    @Override
    public void close() {
        try {
            channel.close();
            if (!renamed) {
                disk.delete(file);
            }
        } catch (IOException e) {
            // An orphan under a temporary name is legal, and the outcome of the write is known already.
        }
    }
}
