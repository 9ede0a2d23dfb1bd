package io.streamhouse.spec;

import java.util.Objects;

/**
 * An error that a user can act on: a stable code and a message that names the object and the value.
 *
 * <p>Unchecked, because it crosses engine interfaces that declare nothing; adapters translate it to their own
 * exceptions and keep the code in the message.
 */
public final class StreamhouseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public StreamhouseException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public StreamhouseException(ErrorCode code, String message, Throwable cause) {
        super(Objects.requireNonNull(code) + ": " + message, cause);
        this.code = code;
    }

    /** The stable code. */
    public ErrorCode code() {
        return code;
    }

    /** {@code CORRUPT_FILE} with the object's path in the message. */
    public static StreamhouseException corrupt(String path, String what) {
        return new StreamhouseException(ErrorCode.CORRUPT_FILE, "%s (object=%s)".formatted(what, path));
    }

    /** {@code CORRUPT_FILE} with the object's path and the parser's own error as cause. */
    public static StreamhouseException corrupt(String path, String what, Throwable cause) {
        return new StreamhouseException(ErrorCode.CORRUPT_FILE, "%s (object=%s)".formatted(what, path), cause);
    }

    /** {@code UNKNOWN_VERSION}: a format version, feature flag or code that this build does not know. */
    public static StreamhouseException unknownVersion(String path, String what) {
        return new StreamhouseException(
                ErrorCode.UNKNOWN_VERSION,
                "%s (object=%s); a newer Streamhouse wrote it, upgrade to read it".formatted(what, path));
    }
}
