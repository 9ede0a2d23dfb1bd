package io.streamhouse.cli.failure;

/** A script that cannot be run to its end: the place in it, and the cause. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The text itself is broken at a line. */
    public ScriptException(int line, String what) {
        super("line %d: %s".formatted(line, what));
    }

    /** A statement failed; both numbers count from 1. */
    public ScriptException(int statement, int line, Throwable cause) {
        super("statement %d at line %d".formatted(statement, line), cause);
    }
}
