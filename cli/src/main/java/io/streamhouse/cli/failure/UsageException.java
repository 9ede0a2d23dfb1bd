package io.streamhouse.cli.failure;

/** The command line asks for what cannot be done: the user must change it. Thrown before a command starts its work. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the argument and its value. */
    public UsageException(String message) {
        super(message);
    }
}
