package io.streamhouse.storage.hadoop;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** Turns errors of the cluster into codes. */
final class HadoopFailure {
    private HadoopFailure() {}

    /** The error of a call as the type that the name node gave it; {@code verb} is what was tried. */
    static IOException of(String verb, Path file, IOException e) {
        IOException cause = unwrapped(e);
        throwIfCoded(verb, file, cause);
        return cause;
    }

    /** The error of a read of bytes that the object's length promised. */
    static IOException ofRead(String path, Path file, IOException e) {
        if (e instanceof EOFException || e instanceof ChecksumException) {
            throw new StreamhouseException(
                    ErrorCode.CORRUPT_FILE, "%s (object=%s)".formatted(firstLine(e), TableName.printable(path)), e);
        }
        return of("read", file, e);
    }

    /** Throws the coded exception of an error that says for certain that the call had no effect. */
    static void throwIfCoded(String verb, Path file, IOException e) {
        IOException cause = unwrapped(e);
        if (cause instanceof AccessControlException) {
            throw new StreamhouseException(
                    ErrorCode.NO_PERMISSION,
                    "no permission to %s %s (%s)".formatted(verb, file, firstLine(cause)),
                    cause);
        }
        if (cause instanceof ClusterStorageCapacityExceededException) {
            throw new StreamhouseException(
                    ErrorCode.NO_SPACE, "no space left to %s %s (%s)".formatted(verb, file, firstLine(cause)), cause);
        }
    }

    /** True if an error means that there is no such object; a file in place of a directory is none either. */
    static boolean isAbsent(IOException e) {
        IOException cause = unwrapped(e);
        return cause instanceof FileNotFoundException || cause instanceof ParentNotDirectoryException;
    }

    /** True if an error means that a directory was to be deleted that is not empty. */
    static boolean isNotEmpty(IOException e) {
        return unwrapped(e) instanceof PathIsNotEmptyDirectoryException;
    }

    private static IOException unwrapped(IOException e) {
        return e instanceof RemoteException remote ? remote.unwrapRemoteException() : e;
    }

    // What comes from the name node carries its stack.
    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
