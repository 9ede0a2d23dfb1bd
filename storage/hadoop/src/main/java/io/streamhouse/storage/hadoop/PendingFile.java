package io.streamhouse.storage.hadoop;

import java.io.Closeable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** A file under a temporary name beside its later place; closing deletes what was not renamed. One thread. */
final class PendingFile implements Closeable {
    private static final String PREFIX = ".tmp-";
    // Unique for good: a rename whose answer was lost may come late, and must not find another's bytes at this name.
    private static final String PROCESS = PREFIX + UUID.randomUUID() + "-";
    private static final AtomicLong NUMBER = new AtomicLong();

    private final FileContext files;
    private final Path file;
    private final FSDataOutputStream out;
    private boolean finished;
    private boolean renamed;

    private PendingFile(FileContext files, Path file, FSDataOutputStream out) {
        this.files = files;
        this.file = file;
        this.out = out;
    }

    /** Whether the last part of a path is the name of an unfinished object. */
    static boolean isTemporary(String name) {
        return name.startsWith(PREFIX);
    }

    /** A new file beside a path; missing directories are created. */
    static PendingFile beside(Path target, FileContext files) throws IOException {
        Path file = new Path(target.getParent(), PROCESS + NUMBER.incrementAndGet());
        // hsync reaches the block under way only; this makes each full block go to the disks when it ends.
        EnumSet<CreateFlag> flags = EnumSet.of(CreateFlag.CREATE, CreateFlag.SYNC_BLOCK);
        return new PendingFile(files, file, files.create(file, flags, Options.CreateOpts.createParent()));
    }

    long position() {
        return out.getPos();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Whole and on the disks of the data nodes. */
    void finish() throws IOException {
        out.hsync();
        out.close();
        finished = true;
    }

    /**
     * Gives the finished file its place.
     *
     * @throws FileAlreadyExistsException if the place is taken and {@code how} is {@code NONE}: ours had no effect, not
     *     even at an earlier try of the client, because the name node looks for the file to be renamed first
     */
    void rename(Path target, Options.Rename how) throws IOException {
        files.rename(file, target, how);
        renamed = true;
    }

    @Override
    public void close() {
        try {
            if (!finished) {
                out.close();
            }
        } catch (IOException e) {
            // The file is deleted next.
        }
        try {
            if (!renamed) {
                files.delete(file, false);
            }
        } catch (IOException e) {
            // An orphan under a temporary name is legal, and the outcome of the write is known already.
        }
    }
}
