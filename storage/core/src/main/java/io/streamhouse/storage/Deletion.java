package io.streamhouse.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Deletes a directory with all that is in it, temporary files too; symbolic links are deleted, not followed. */
final class Deletion extends SimpleFileVisitor<Path> {
    private final Path top;
    private final LocalDisk disk;

    Deletion(Path top, LocalDisk disk) {
        this.top = top;
        this.disk = disk;
    }

    void walk() throws IOException {
        Files.walkFileTree(top, this);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        disk.delete(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (LocalFailure.isAbsent(e, file)) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
        if (e != null) {
            throw e;
        }
        disk.delete(directory);
        return FileVisitResult.CONTINUE;
    }
}
