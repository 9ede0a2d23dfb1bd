package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;

/** Checks of lengths, before anything is allocated for them. */
public final class Ranges {
    /** Longest array that every JVM grants. */
    public static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private Ranges() {}

    /** Refuses a range that is negative (misuse) or ends behind the object (a truncated file). */
    public static void check(String path, long offset, int length, long sizeBytes) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range of %d bytes from %d in '%s' is negative"
                    .formatted(length, offset, TableName.printable(path)));
        }
        if (offset > sizeBytes || length > sizeBytes - offset) {
            throw truncated(path, offset, length, sizeBytes);
        }
    }

    /** {@code CORRUPT_FILE}: the object ends before the range does. */
    public static StreamhouseException truncated(String path, long offset, long length, long sizeBytes) {
        return new StreamhouseException(
                ErrorCode.CORRUPT_FILE,
                "truncated: object of %d bytes, wanted are %d bytes from %d (object=%s)"
                        .formatted(sizeBytes, length, offset, TableName.printable(path)));
    }
}
