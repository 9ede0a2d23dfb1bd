package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Objects as files below a directory.
 *
 * <p>Every object is written under a temporary name in its own directory and synced before it gets its name, so it is
 * never visible in part; then the directory is synced, so it stays. {@code putIfAbsent} names it by {@code link()}, the
 * only call that is atomic, fails if the name is taken and works between processes: an atomic rename replaces, and an
 * exclusive create can leave torn objects after a crash.
 */
final class LocalObjectStore implements ObjectStore {
    /** The JDK copies through a direct buffer of the size asked for, so large reads go in pieces. */
    private static final int PIECE_BYTES = 1 << 18;
    /** How often a write starts again because its directory was deleted by someone else. */
    private static final int MAX_DIRECTORY_TRIES = 3;

    private final Path root;
    private final LocalDisk disk;
    private final DurableDirectories directories;

    LocalObjectStore(Path root, LocalDisk disk) {
        this.root = root.toAbsolutePath().normalize();
        this.disk = disk;
        this.directories = new DurableDirectories(this.root, disk);
    }

    @Override
    public byte[] read(String path) throws IOException {
        Path file = file(path);
        try (FileChannel channel = openExisting(path, file)) {
            long sizeBytes = channel.size();
            if (sizeBytes > Ranges.MAX_ARRAY_LENGTH) {
                throw new IOException("%s has %d bytes, too many for one read".formatted(file, sizeBytes));
            }
            return read(channel, path, 0, (int) sizeBytes);
        } catch (IOException e) {
            throw LocalFailure.ofRead(file, e);
        }
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        Path file = file(path);
        try (FileChannel channel = openExisting(path, file)) {
            Ranges.check(path, offset, length, channel.size());
            return read(channel, path, offset, length);
        } catch (IOException e) {
            throw LocalFailure.ofRead(file, e);
        }
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        Path file = file(path);
        try {
            BasicFileAttributes attributes = attributes(file);
            return attributes.isRegularFile() ? Optional.of(Listing.info(path, attributes)) : Optional.empty();
        } catch (IOException e) {
            if (LocalFailure.isAbsent(e, file)) {
                return Optional.empty();
            }
            throw LocalFailure.ofRead(file, e);
        }
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
        try {
            if (isTaken(target)) {
                return existed(target);
            }
            try (PendingFile pending = pendingFor(target)) {
                pending.write(bytes, 0, bytes.length);
                pending.sync();
                return link(pending, target);
            }
        } catch (IOException e) {
            throw LocalFailure.ofWrite(target, e);
        }
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        Path top = directory(directory);
        try {
            disk.syncDirectory(top);
        } catch (IOException e) {
            // never a coded error: it would say that what is made lasting had no effect
            if (!LocalFailure.isAbsent(e, top)) {
                throw e;
            }
        }
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        Path target = file(path);
        try {
            return new Output(target, pendingFor(target));
        } catch (IOException e) {
            throw LocalFailure.ofWrite(target, e);
        }
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        return list(directory, false);
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return list(directory, true);
    }

    private List<ObjectInfo> list(String directory, boolean temporary) throws IOException {
        Path top = directory(directory);
        List<ObjectInfo> found = new ArrayList<>();
        if (!ObjectPath.isHidden(directory)) {
            try {
                new Listing(top, directory, temporary, found).walk();
            } catch (IOException e) {
                throw LocalFailure.ofRead(top, e);
            }
            found.sort(Comparator.comparing(ObjectInfo::path));
        }
        return found;
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        Path top = directory(directory);
        List<String> names = new ArrayList<>();
        if (!ObjectPath.isHidden(directory)) {
            try (var children = Files.newDirectoryStream(top)) {
                for (Path child : children) {
                    String name = child.getFileName().toString();
                    if (!ObjectPath.isHidden(name) && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                        names.add(name);
                    }
                }
            } catch (IOException e) {
                if (!LocalFailure.isAbsent(e, top)) {
                    throw LocalFailure.ofRead(top, e);
                }
            }
            names.sort(Comparator.naturalOrder());
        }
        return names;
    }

    /** Not synced: an object whose deletion a loss of power undoes is an orphan as before. */
    @Override
    public boolean delete(String path) throws IOException {
        Path file = file(path);
        try {
            return attributes(file).isRegularFile() && disk.delete(file);
        } catch (IOException e) {
            if (LocalFailure.isAbsent(e, file)) {
                return false;
            }
            throw LocalFailure.ofWrite(file, e);
        }
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        ObjectPath.check(directory);
        Path top = directory(directory);
        try {
            if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                directories.forgetBelow(top);
                new Deletion(top, disk).walk();
                disk.syncDirectory(top.getParent());
            }
        } catch (DirectoryNotEmptyException e) {
            throw new IOException("%s is written to while it is deleted".formatted(e.getFile()), e);
        } catch (IOException e) {
            throw LocalFailure.ofWrite(top, e);
        }
    }

    @Override
    public boolean deleteEmptyDirectory(String directory) throws IOException {
        ObjectPath.check(directory);
        Path top = directory(directory);
        try {
            if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            directories.forgetBelow(top);
            return disk.delete(top);
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (IOException e) {
            throw LocalFailure.ofWrite(top, e);
        }
    }

    @Override
    public String uri() {
        String uri = root.toUri().toString();
        return uri.length() > "file:///".length() && uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    @Override
    public void close() {}

    private Path file(String path) {
        return resolve(ObjectPath.check(path));
    }

    private Path directory(String directory) {
        return resolve(ObjectPath.checkDirectory(directory));
    }

    private Path resolve(String path) {
        Path file;
        try {
            file = root.resolve(path);
        } catch (InvalidPathException e) {
            throw new StreamhouseException(
                    ErrorCode.BAD_NAME,
                    "object path '%s' cannot be a file name in this process (encoding %s); start it with LC_ALL=C.UTF-8"
                            .formatted(TableName.printable(path), System.getProperty("sun.jnu.encoding")),
                    e);
        }
        for (Path part = file; part.startsWith(root) && !part.equals(root); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new StreamhouseException(
                        ErrorCode.NO_PERMISSION,
                        "%s is a symbolic link; none is followed below the root %s".formatted(part, root));
            }
        }
        return file;
    }

    private BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private FileChannel openExisting(String path, Path file) throws IOException {
        try {
            if (attributes(file).isRegularFile()) {
                return disk.open(file);
            }
        } catch (IOException e) {
            if (!LocalFailure.isAbsent(e, file)) {
                throw e;
            }
        }
        throw new StreamhouseException(
                ErrorCode.MISSING_FILE, "no object '%s' in %s".formatted(TableName.printable(path), uri()));
    }

    private byte[] read(FileChannel channel, String path, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            int piece = Math.min(PIECE_BYTES, length - done);
            int got = channel.read(ByteBuffer.wrap(bytes, done, piece), offset + done);
            if (got < 0) {
                throw Ranges.truncated(path, offset, length, channel.size());
            }
            done += got;
        }
        return bytes;
    }

    private PendingFile pendingFor(Path target) throws IOException {
        Path parent = target.getParent();
        for (int tries = 1; ; tries++) {
            try {
                directories.ensure(parent);
                return PendingFile.in(parent, disk);
            } catch (NoSuchFileException e) {
                directories.forget(parent);
                if (tries >= MAX_DIRECTORY_TRIES) {
                    throw e;
                }
            }
        }
    }

    private boolean isTaken(Path target) throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("%s is a directory, no object".formatted(target));
        }
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    }

    // The winner may have died between link() and the sync; what the loser concludes from its object must last.
    private PutOutcome existed(Path target) {
        try {
            disk.syncDirectory(target.getParent());
            return PutOutcome.EXISTED;
        } catch (IOException e) {
            return PutOutcome.UNKNOWN; // it may be the caller's own, of a put that was not answered
        }
    }

    private PutOutcome link(PendingFile pending, Path target) throws IOException {
        boolean taken = false;
        try {
            disk.link(pending.path(), target);
        } catch (FileAlreadyExistsException e) {
            taken = true;
        } catch (UnsupportedOperationException e) {
            throw LocalFailure.noCommitPrimitive(target, e);
        } catch (IOException e) {
            if (LocalFailure.lacksLinks(e)) {
                throw LocalFailure.noCommitPrimitive(target, e);
            }
            LocalFailure.throwIfCoded(target, e);
            return PutOutcome.UNKNOWN;
        }
        try {
            // A network file system may repeat a link whose answer was lost, and then report our own as taken.
            if (taken && !disk.sameFile(pending.path(), target)) {
                return isTaken(target) ? existed(target) : PutOutcome.UNKNOWN;
            }
            disk.syncDirectory(target.getParent());
            return PutOutcome.CREATED;
        } catch (IOException e) {
            return PutOutcome.UNKNOWN;
        }
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
                throw LocalFailure.ofWrite(target, e);
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
            try {
                pending.sync();
                pending.rename(target);
                disk.syncDirectory(target.getParent());
            } catch (IOException e) {
                throw LocalFailure.ofWrite(target, e);
            } finally {
                pending.close();
            }
        }

        @Override
        public void close() {
            done = true;
            pending.close();
        }

        private void requireOpen() {
            if (done) {
                throw new IllegalStateException("output of %s is committed or closed".formatted(target));
            }
        }
    }
}
