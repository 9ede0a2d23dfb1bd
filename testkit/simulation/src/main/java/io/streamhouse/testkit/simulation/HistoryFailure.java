package io.streamhouse.testkit.simulation;

import java.util.List;

/**
 * A history whose table was wrong.
 *
 * @param seed seed that repeats it
 * @param error what was wrong
 * @param trace what happened, the last line being the move that went wrong
 */
public record HistoryFailure(long seed, Throwable error, List<String> trace) {
    public HistoryFailure {
        trace = List.copyOf(trace);
    }

    @Override
    public String toString() {
        return "seed %d: %s%n%s".formatted(seed, error, String.join(System.lineSeparator(), trace));
    }
}
