package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;

/**
 * What a name may look like, the same on every store: so that a table written to one store can be copied to another,
 * and so that no name leads out of the root.
 */
public final class ObjectPath {
    /** Longest component in UTF-8 bytes; the limit of the usual file systems. */
    static final int MAX_COMPONENT_BYTES = 255;
    /** Longest path in UTF-8 bytes; the limit of a key on S3. */
    static final int MAX_PATH_BYTES = 1024;

    private ObjectPath() {}

    /** Returns the path of an object, or refuses it. */
    public static String check(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path of an object is empty");
        }
        int bytes = 0;
        for (int start = 0; start <= path.length(); ) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            bytes += checkComponent(path, start, end) + 1;
            start = end + 1;
        }
        if (bytes - 1 > MAX_PATH_BYTES) {
            throw tooLong(path, "has %d bytes, at most %d are allowed".formatted(bytes - 1, MAX_PATH_BYTES));
        }
        return path;
    }

    /** Whether {@link #check} lets a path pass. */
    public static boolean isLegal(String path) {
        try {
            check(path);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns the path of a directory, or refuses it; the empty text is the root. */
    public static String checkDirectory(String directory) {
        return directory.isEmpty() ? directory : check(directory);
    }

    /** What the paths of objects below a directory begin with. */
    public static String prefix(String directory) {
        return directory.isEmpty() ? "" : directory + "/";
    }

    /** The directory in which an object stands directly; empty for the root. */
    public static String directory(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** True if a component begins with a dot: such objects are temporary and are never listed. */
    public static boolean isHidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }

    private static int checkComponent(String path, int start, int end) {
        int length = end - start;
        if (length == 0) {
            throw illegal(path, "has an empty component");
        }
        boolean onlyDots = length <= 2 && path.charAt(start) == '.' && path.charAt(end - 1) == '.';
        if (onlyDots) {
            throw illegal(path, "has the component '%s'".formatted(path.substring(start, end)));
        }
        int bytes = 0;
        for (int i = start; i < end; i++) {
            char c = path.charAt(i);
            if (Character.isISOControl(c)) {
                throw illegal(path, "has the control character 0x%02x".formatted((int) c));
            }
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(path.charAt(i + 1))) {
                i++;
                bytes += 4;
            } else if (Character.isSurrogate(c)) {
                throw illegal(path, "has half a surrogate pair at %d".formatted(i));
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        if (bytes > MAX_COMPONENT_BYTES) {
            throw tooLong(
                    path, "has a component of %d bytes, at most %d are allowed".formatted(bytes, MAX_COMPONENT_BYTES));
        }
        return bytes;
    }

    private static IllegalArgumentException illegal(String path, String what) {
        return new IllegalArgumentException("object path '%s' %s".formatted(TableName.printable(path), what));
    }

    // A long name can come from a user's table or partition, so it is a user's error and no misuse.
    private static StreamhouseException tooLong(String path, String what) {
        String shown = path.length() <= 60 ? path : path.substring(0, 60) + "…";
        return new StreamhouseException(
                ErrorCode.BAD_NAME, "object path '%s' %s".formatted(TableName.printable(shown), what));
    }
}
