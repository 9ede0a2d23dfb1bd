package io.streamhouse.cli.ops;

import java.io.PrintWriter;
import java.time.Duration;

/** What goes on, on stderr: one line that is rewritten at a terminal, plain lines elsewhere. */
public final class Progress {
    /** Whether stderr is a terminal: Java tells of stdin and stdout only, so {@code ./streamhouse} looks and says it. */
    private static final String TERMINAL = "streamhouse.terminal";

    private static final String ERASE = "\r\u001b[K";

    /** A line that wraps could not be erased. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private static final Duration REWRITTEN = Duration.ofMillis(200);
    private static final Duration ADDED = Duration.ofSeconds(10);

    private final PrintWriter err;
    private final boolean terminal;

    public Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** For this process. */
    public static Progress of(PrintWriter err) {
        return new Progress(err, Boolean.getBoolean(TERMINAL));
    }

    void say(String line) {
        if (terminal) {
            err.print(ERASE + NO_WRAP + line + WRAP);
        } else {
            err.println(line);
        }
        err.flush();
    }

    /** How long to wait between two lines of something that goes on and on. */
    Duration interval() {
        return terminal ? REWRITTEN : ADDED;
    }

    /** A line that stays, in place of the changing one. */
    void keep(String line) {
        clear();
        err.println(line);
        err.flush();
    }

    /** Takes the changing line away. */
    void clear() {
        if (terminal) {
            err.print(ERASE);
            err.flush();
        }
    }
}
