package io.streamhouse.testkit.simulation;

import java.util.List;
import java.util.NavigableSet;

/** A history whose table was wrong. */
public final class HistoryFailure {
    private final Schedule schedule;
    private final NavigableSet<Choice> taken;
    private final Throwable error;
    private final List<String> trace;

    HistoryFailure(Schedule schedule, NavigableSet<Choice> taken, Throwable error, List<String> trace) {
        this.schedule = schedule;
        this.taken = taken;
        this.error = error;
        this.trace = List.copyOf(trace);
    }

    /** What repeats it. */
    public Schedule schedule() {
        return schedule;
    }

    /** What happened until it went wrong. */
    NavigableSet<Choice> taken() {
        return taken;
    }

    /** Moves of the scheduler until it went wrong. */
    public int moves() {
        return (int) taken.stream().filter(c -> c.kind() == Choice.Kind.MOVE).count();
    }

    /** What was wrong. */
    public Throwable error() {
        return error;
    }

    /** What happened, the last line being what went wrong or came right before. */
    public List<String> trace() {
        return trace;
    }

    /** What happened, what was wrong, and the command that repeats it. */
    public String explained(Mutant mutant) {
        String command = "./streamhouse simulate --schedules 1 --seed %d%s%s"
                .formatted(
                        schedule.seed(),
                        mutant == Mutant.NONE ? "" : " --mutant " + mutant.word(),
                        schedule.toString().isEmpty() ? "" : " --only " + schedule);
        return "%s%n%s%n%d moves of seed %d; repeat with%n  %s"
                .formatted(
                        String.join(System.lineSeparator(), trace),
                        error.getMessage() == null ? error : error.getMessage(),
                        moves(),
                        schedule.seed(),
                        command);
    }
}
