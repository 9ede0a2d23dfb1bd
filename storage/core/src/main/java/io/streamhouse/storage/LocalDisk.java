package io.streamhouse.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The calls of the file system that change something or make it last; a seam, so that each of them can fail in a test. */
class LocalDisk {
    /** Opens a file for reading; a symbolic link is an error. */
    FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Creates a file that must not exist. */
    FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Writes all that remains in the buffer. */
    void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes the content of a file durable, but not its name. */
    void sync(FileChannel channel, Path file) throws IOException {
        channel.force(true);
    }

    /** Gives an existing file a second name; fails if that name is taken. This is the one atomic "if absent". */
    void link(Path existing, Path name) throws IOException {
        Files.createLink(name, existing);
    }

    /** Gives a file another name, replacing what stood there. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    boolean sameFile(Path one, Path other) throws IOException {
        return Files.isSameFile(one, other);
    }

    boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }
}
