package io.streamhouse.cli.sql;

/** A script that cannot be run to its end: the place in it, and the cause. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The text itself is broken at a line. */
    public ScriptException(int line, String what) {
        super("line %d: %s".formatted(line, what));
    }

    /** A statement failed. */
    public ScriptException(Statement statement, Throwable cause) {
        super("statement %d at line %d".formatted(statement.number(), statement.line()), cause);
    }
}
