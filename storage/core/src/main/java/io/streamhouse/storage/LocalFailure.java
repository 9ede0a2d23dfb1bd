package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Turns errors of the file system into codes. The JDK hands errno on as the words of the C library only, so words are
 * compared; where the words are translated, the state of the file system is asked.
 */
final class LocalFailure {
    private static final String[] NO_SPACE = {"No space left", "Disk quota exceeded"};
    private static final String[] NO_PERMISSION = {
        "Permission denied", "Operation not permitted", "Read-only file system"
    };
    private static final String[] NO_LINKS = {
        "Operation not permitted", "Operation not supported", "Not supported", "Function not implemented"
    };

    private LocalFailure() {}

    /** The error of a read as a coded exception, or itself. */
    static IOException ofRead(Path file, IOException e) {
        if (isPermission(e)) {
            throw permission("read", file, e);
        }
        return e;
    }

    /** The error of a write as a coded exception, or itself. */
    static IOException ofWrite(Path file, IOException e) {
        throwIfCoded(file, e);
        if (!isAbsent(e, file) && isFull(file)) {
            throw space(file, e);
        }
        return e;
    }

    /** Throws the coded exception of an error that says for certain that the call had no effect. */
    static void throwIfCoded(Path file, IOException e) {
        if (isPermission(e)) {
            throw permission("write", file, e);
        }
        if (says(e, NO_SPACE)) {
            throw space(file, e);
        }
    }

    /** True if the file system cannot make hard links. */
    static boolean lacksLinks(IOException e) {
        return says(e, NO_LINKS);
    }

    /** {@code NO_COMMIT_PRIMITIVE} of a file system that cannot make hard links. */
    static StreamhouseException noCommitPrimitive(Path file, Throwable cause) {
        return new StreamhouseException(
                ErrorCode.NO_COMMIT_PRIMITIVE,
                "the file system of %s has no hard links, so commits of several processes cannot be told apart; put"
                                .formatted(file)
                        + " the warehouse on a file system that has them (ext4, xfs, btrfs, zfs, apfs, nfs)",
                cause);
    }

    /** True if an error means that there is no such object; a directory or a file in the way is none either. */
    static boolean isAbsent(IOException e, Path file) {
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return true;
        }
        for (Path above = file.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
                return !Files.isDirectory(above);
            }
        }
        return false;
    }

    private static boolean isPermission(IOException e) {
        return e instanceof AccessDeniedException || says(e, NO_PERMISSION);
    }

    private static boolean isFull(Path file) {
        try {
            Path directory = file.getParent();
            return directory != null && Files.getFileStore(directory).getUsableSpace() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean says(IOException e, String[] words) {
        // A FileSystemException's message begins with the path, which may hold any words.
        String message = e instanceof FileSystemException detailed ? detailed.getReason() : e.getMessage();
        if (message != null) {
            for (String word : words) {
                if (message.contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static StreamhouseException permission(String verb, Path file, IOException cause) {
        return new StreamhouseException(
                ErrorCode.NO_PERMISSION,
                "no permission to %s %s (%s)".formatted(verb, file, cause.getMessage()),
                cause);
    }

    private static StreamhouseException space(Path file, IOException cause) {
        return new StreamhouseException(
                ErrorCode.NO_SPACE, "no space left to write %s (%s)".formatted(file, cause.getMessage()), cause);
    }
}
