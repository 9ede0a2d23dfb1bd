package io.streamhouse.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells the user what goes on, line by line, each with the seconds since the start. Thread-safe. */
final class Narrator {
    private final PrintWriter out;
    private final long startedNanos = System.nanoTime();

    Narrator(PrintWriter out) {
        this.out = out;
    }

    /** A line with its time; {@code format} as of {@link String#format}. */
    synchronized void say(String format, Object... values) {
        out.printf(Locale.ROOT, "[%3d s] ", seconds());
        out.printf(Locale.ROOT, format, values);
        out.println();
        out.flush();
    }

    /** A line that belongs to the one before. */
    synchronized void add(Object line) {
        out.println("        " + line);
        out.flush();
    }

    /** A line of its own, as it is. */
    synchronized void print(Object line) {
        out.println(line);
        out.flush();
    }

    /** Seconds since the start. */
    long seconds() {
        return Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds();
    }
}
