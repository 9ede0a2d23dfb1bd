package io.streamhouse.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Collects the visible files below a directory, or the temporary ones, in no order; what vanishes meanwhile is left out. */
final class Listing extends SimpleFileVisitor<Path> {
    private final Path top;
    private final String prefix;
    private final boolean temporary;
    private final List<ObjectInfo> found;

    Listing(Path top, String directory, boolean temporary, List<ObjectInfo> found) {
        this.top = top;
        this.temporary = temporary;
        this.prefix = ObjectPath.prefix(directory);
        this.found = found;
    }

    void walk() throws IOException {
        Files.walkFileTree(top, this);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return directory.equals(top) || !isHidden(directory) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !file.equals(top) && isWanted(file)) {
            StringBuilder path = new StringBuilder(prefix);
            for (Path part : top.relativize(file)) {
                path.append(path.length() == prefix.length() ? "" : "/").append(part);
            }
            found.add(info(path.toString(), attributes));
        }
        return FileVisitResult.CONTINUE;
    }

    static ObjectInfo info(String path, BasicFileAttributes attributes) {
        return new ObjectInfo(
                path, attributes.size(), attributes.lastModifiedTime().toMillis());
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
        return e == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, e);
    }

    private boolean isWanted(Path file) {
        return temporary ? PendingFile.isTemporary(file.getFileName().toString()) : !isHidden(file);
    }

    private static boolean isHidden(Path file) {
        return ObjectPath.isHidden(file.getFileName().toString());
    }
}
