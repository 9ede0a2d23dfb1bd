package io.streamhouse.cli.ops;

import java.io.PrintWriter;

/** What goes on, on stderr: one line that is rewritten at a terminal, plain lines elsewhere. */
public final class Progress {
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    public Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** For this process; without a terminal as output nobody looks at a line that changes. */
    public static Progress of(PrintWriter err) {
        return new Progress(err, System.console() != null);
    }

    void say(String line) {
        if (terminal) {
            err.print(ERASE + line);
        } else {
            err.println(line);
        }
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
