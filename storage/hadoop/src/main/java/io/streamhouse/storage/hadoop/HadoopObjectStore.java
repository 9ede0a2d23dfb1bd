package io.streamhouse.storage.hadoop;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.CoalescedReads;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectPath;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.storage.Ranges;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Objects as files below a directory of HDFS.
 *
 * <p>Every object is written under a temporary name in its own directory, synced and closed before it gets its name, so
 * it is never visible in part. {@code putIfAbsent} names it by {@code FileContext.rename} without {@code OVERWRITE}, of
 * which the name node lets exactly one win: an exclusive create is visible while it is empty, and
 * {@code FileSystem.rename} says false for everything that went wrong.
 */
final class HadoopObjectStore implements ObjectStore {
    /** How often a read starts again because the object was replaced under it. */
    private static final int MAX_READ_TRIES = 10;

    private final FileContext files;
    private final Path root;

    HadoopObjectStore(FileContext files, Path root) {
        this.files = files;
        this.root = root;
    }

    @Override
    public byte[] read(String path) throws IOException {
        return read(path, (in, status) -> {
            if (status.getLen() > Ranges.MAX_ARRAY_LENGTH) {
                throw new IOException(
                        "%s has %d bytes, too many for one read".formatted(status.getPath(), status.getLen()));
            }
            byte[] bytes = new byte[(int) status.getLen()];
            in.readFully(0, bytes);
            if (in.read(bytes.length, new byte[1], 0, 1) >= 0) {
                throw new IOException(
                        "%s has more than %d bytes, somebody writes to it".formatted(status.getPath(), bytes.length));
            }
            return bytes;
        });
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return read(path, (in, status) -> {
            Ranges.check(path, offset, length, status.getLen());
            byte[] bytes = new byte[length];
            in.readFully(offset, bytes);
            return bytes;
        });
    }

    @Override
    public List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        return CoalescedReads.read(this, path, ranges);
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        Path file = file(path);
        return status("read", file)
                .filter(FileStatus::isFile)
                .map(s -> new ObjectInfo(path, s.getLen(), s.getModificationTime()));
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        try (ObjectOutput output = create(path)) {
            output.write(bytes, 0, bytes.length);
            output.commit();
        }
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        Path target = file(path);
        try (PendingFile pending = PendingFile.beside(target, files)) {
            pending.write(bytes, 0, bytes.length);
            pending.finish();
            return publish(pending, target);
        } catch (IOException e) {
            throw HadoopFailure.of("write", target, e);
        }
    }

    private static PutOutcome publish(PendingFile pending, Path target) {
        try {
            pending.rename(target, Options.Rename.NONE);
            return PutOutcome.CREATED;
        } catch (FileAlreadyExistsException e) {
            return PutOutcome.EXISTED;
        } catch (IOException e) {
            HadoopFailure.throwIfCoded("write", target, e);
            return PutOutcome.UNKNOWN;
        }
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        Path target = file(path);
        try {
            return new Output(target, PendingFile.beside(target, files));
        } catch (IOException e) {
            throw HadoopFailure.of("write", target, e);
        }
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        return list(directory, name -> !ObjectPath.isHidden(name));
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return list(directory, PendingFile::isTemporary);
    }

    private List<ObjectInfo> list(String directory, Predicate<String> isWanted) throws IOException {
        Path top = directory(directory);
        List<ObjectInfo> found = new ArrayList<>();
        Deque<String> left = new ArrayDeque<>(visibleDirectory(directory, top));
        try {
            while (!left.isEmpty()) {
                String parent = left.pop();
                for (FileStatus child : children(resolve(parent))) {
                    String name = child.getPath().getName();
                    String path = ObjectPath.prefix(parent) + name;
                    if (child.isDirectory() && !ObjectPath.isHidden(name)) {
                        left.push(path);
                    } else if (child.isFile() && isWanted.test(name)) {
                        found.add(new ObjectInfo(path, child.getLen(), child.getModificationTime()));
                    }
                }
            }
        } catch (IOException e) {
            throw HadoopFailure.of("list", top, e);
        }
        found.sort(Comparator.comparing(ObjectInfo::path));
        return found;
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        Path top = directory(directory);
        List<String> names = new ArrayList<>();
        try {
            if (!visibleDirectory(directory, top).isEmpty()) {
                for (FileStatus child : children(top)) {
                    String name = child.getPath().getName();
                    if (child.isDirectory() && !ObjectPath.isHidden(name)) {
                        names.add(name);
                    }
                }
            }
        } catch (IOException e) {
            throw HadoopFailure.of("list", top, e);
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    @Override
    public boolean delete(String path) throws IOException {
        Path file = file(path);
        // HDFS would delete an empty directory too.
        return status("delete", file).filter(FileStatus::isFile).isPresent() && delete(file, false);
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        ObjectPath.check(directory);
        Path top = directory(directory);
        if (status("delete", top).filter(FileStatus::isDirectory).isPresent()) {
            delete(top, true);
        }
    }

    @Override
    public boolean deleteEmptyDirectory(String directory) throws IOException {
        ObjectPath.check(directory);
        Path top = directory(directory);
        if (status("delete", top).filter(FileStatus::isDirectory).isEmpty()) {
            return false;
        }
        try {
            return files.delete(top, false);
        } catch (IOException e) {
            if (HadoopFailure.isAbsent(e) || HadoopFailure.isNotEmpty(e)) {
                return false;
            }
            throw HadoopFailure.of("delete", top, e);
        }
    }

    @Override
    public String uri() {
        String uri = root.toUri().toString();
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    /** Hadoop's client holds nothing open between calls but pooled connections, which it closes itself. */
    @Override
    public void close() {}

    /** One try of a read; fails with any error when the object was replaced since its status was asked for. */
    private interface Read {
        byte[] of(FSDataInputStream in, FileStatus status) throws IOException;
    }

    /** The blocks of a replaced object vanish under its readers, so those begin anew with what stands there now. */
    private byte[] read(String path, Read read) throws IOException {
        Path file = file(path);
        FileStatus status = existing(path, file);
        for (int tries = 1; ; tries++) {
            boolean opened = false;
            try (FSDataInputStream in = files.open(file)) {
                opened = true;
                return read.of(in, status);
            } catch (IOException e) {
                FileStatus now = existing(path, file);
                boolean replaced =
                        now.getModificationTime() != status.getModificationTime() || now.getLen() != status.getLen();
                if (!replaced || tries == MAX_READ_TRIES) {
                    // only of bytes an early end is damage; of a call to the name node it is a lost connection
                    throw opened ? HadoopFailure.ofRead(path, file, e) : HadoopFailure.of("read", file, e);
                }
                status = now;
            }
        }
    }

    private FileStatus existing(String path, Path file) throws IOException {
        return status("read", file)
                .filter(FileStatus::isFile)
                .orElseThrow(() -> new StreamhouseException(
                        ErrorCode.MISSING_FILE, "no object '%s' in %s".formatted(TableName.printable(path), uri())));
    }

    private Optional<FileStatus> status(String verb, Path file) throws IOException {
        try {
            return Optional.of(files.getFileStatus(file));
        } catch (IOException e) {
            if (HadoopFailure.isAbsent(e)) {
                return Optional.empty();
            }
            throw HadoopFailure.of(verb, file, e);
        }
    }

    private boolean delete(Path file, boolean recursive) throws IOException {
        try {
            return files.delete(file, recursive);
        } catch (IOException e) {
            if (HadoopFailure.isAbsent(e)) {
                return false;
            }
            throw HadoopFailure.of("delete", file, e);
        }
    }

    /** The directory's path if it is one and can be seen. */
    private List<String> visibleDirectory(String directory, Path top) throws IOException {
        boolean visible = !ObjectPath.isHidden(directory)
                && status("list", top).filter(FileStatus::isDirectory).isPresent();
        return visible ? List.of(directory) : List.of();
    }

    /** What is in a directory, hidden or not; of one that vanished meanwhile, what was found until then. */
    private List<FileStatus> children(Path directory) throws IOException {
        List<FileStatus> children = new ArrayList<>();
        try {
            RemoteIterator<FileStatus> all = files.listStatus(directory);
            while (all.hasNext()) {
                children.add(all.next());
            }
        } catch (IOException e) {
            if (!HadoopFailure.isAbsent(e)) {
                throw e;
            }
        }
        return children;
    }

    private Path file(String path) {
        return resolve(ObjectPath.check(path));
    }

    private Path directory(String directory) {
        return resolve(ObjectPath.checkDirectory(directory));
    }

    private Path resolve(String path) {
        if (path.indexOf(':') >= 0) {
            throw new StreamhouseException(
                    ErrorCode.BAD_NAME,
                    "object path '%s' has a colon, which HDFS does not allow".formatted(TableName.printable(path)));
        }
        if (path.isEmpty()) {
            return root;
        }
        // By parts: in the text of a path Hadoop would look for a scheme.
        String above = root.toUri().getPath();
        return new Path(
                root.toUri().getScheme(),
                root.toUri().getAuthority(),
                (above.endsWith("/") ? above : above + "/") + path);
    }

    private final class Output implements ObjectOutput {
        private final Path target;
        private final PendingFile pending;
        private boolean done;

        Output(Path target, PendingFile pending) {
            this.target = target;
            this.pending = pending;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            requireOpen();
            try {
                pending.write(bytes, offset, length);
            } catch (IOException e) {
                throw HadoopFailure.of("write", target, e);
            }
        }

        @Override
        public long position() {
            return pending.position();
        }

        @Override
        public void commit() throws IOException {
            requireOpen();
            done = true;
            try (pending) {
                pending.finish();
                pending.rename(target, Options.Rename.OVERWRITE);
            } catch (IOException e) {
                throw HadoopFailure.of("write", target, e);
            }
        }

        @Override
        public void close() {
            if (!done) {
                done = true;
                pending.close();
            }
        }

        private void requireOpen() {
            if (done) {
                throw new IllegalStateException("output of %s is committed or closed".formatted(target));
            }
        }
    }
}
