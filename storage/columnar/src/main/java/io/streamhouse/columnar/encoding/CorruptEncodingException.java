package io.streamhouse.columnar.encoding;

/** Encoded bytes that cannot be what they claim to be; the caller adds the object's path. */
public final class CorruptEncodingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptEncodingException(String message) {
        super(message);
    }
}
