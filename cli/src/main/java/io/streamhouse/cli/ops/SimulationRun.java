package io.streamhouse.cli.ops;

import io.streamhouse.storage.Mark;
import io.streamhouse.testkit.simulation.HistoryEvent;
import io.streamhouse.testkit.simulation.HistoryFailure;
import io.streamhouse.testkit.simulation.HistoryReport;
import io.streamhouse.testkit.simulation.Mutant;
import io.streamhouse.testkit.simulation.RandomHistories;
import io.streamhouse.testkit.simulation.Schedule;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** Runs schedules and says what they went through. */
public final class SimulationRun {
    private final PrintWriter out;
    private final Progress progress;
    private final long schedules;
    private final long seed;
    private final int threads;

    /**
     * @param schedules number of schedules
     * @param seed their seeds are this one and those that follow
     * @param threads that run them; the output is the same whatever their number, what {@code progress} says is not
     */
    public SimulationRun(PrintWriter out, Progress progress, long schedules, long seed, int threads) {
        this.out = out;
        this.progress = progress;
        this.schedules = schedules;
        this.seed = seed;
        this.threads = threads;
    }

    /** All rules in force; true if every snapshot of every schedule is right. */
    public boolean rules() {
        return tell(run(Mutant.NONE));
    }

    /** One schedule or a part of it; true if it is right. */
    public boolean once(Schedule schedule, Mutant mutant) {
        HistoryReport report = RandomHistories.run(schedule, mutant);
        report.failure().ifPresent(f -> out.println(f.explained(mutant)));
        out.printf("hash %016x%n", report.traceHash());
        out.flush();
        return report.failure().isEmpty();
    }

    /** One rule after another left out; true if each is noticed. */
    public boolean mutants(List<Mutant> mutants) {
        int found = 0;
        for (Mutant mutant : mutants) {
            HistoryReport report = run(mutant);
            Optional<HistoryFailure> failure = report.failure();
            if (failure.isEmpty()) {
                out.printf("%s: not noticed in %,d schedules%n", mutant.word(), schedules);
            } else {
                found++;
                progress.say(mutant.word() + ": noticed; looking for fewer moves");
                HistoryFailure shortest = RandomHistories.shortened(failure.get(), mutant);
                progress.clear();
                out.printf(
                        "%s: noticed after %,d schedules, shown in %d moves%n",
                        mutant.word(), failure.get().schedule().seed() - seed + 1, shortest.moves());
                if (mutants.size() == 1) {
                    out.println(shortest.explained(mutant));
                }
            }
            out.flush();
        }
        out.printf("%d of %d mutants noticed%n", found, mutants.size());
        out.flush();
        return found == mutants.size();
    }

    private HistoryReport run(Mutant mutant) {
        String words = (mutant == Mutant.NONE ? "" : mutant.word() + ": ") + "%s schedules";
        Pace pace = new Pace(progress, System::nanoTime, words, schedules);
        HistoryReport report = RandomHistories.run(schedules, seed, mutant, threads, pace);
        if (mutant == Mutant.NONE) {
            pace.end();
        } else {
            progress.clear();
        }
        return report;
    }

    private boolean tell(HistoryReport report) {
        if (report.failure().isPresent()) {
            progress.say("a schedule failed; looking for fewer moves");
            HistoryFailure shortest = RandomHistories.shortened(report.failure().get(), Mutant.NONE);
            progress.clear();
            out.println(shortest.explained(Mutant.NONE));
            out.flush();
            return false;
        }
        for (HistoryEvent event : HistoryEvent.values()) {
            out.printf("%-34s %,15d%n", event.words(), report.count(event));
        }
        for (Mark mark : Mark.values()) {
            out.printf("mark: %-28s %,15d%n", mark.words(), report.count(mark));
        }
        out.printf("hash %016x%n", report.traceHash());
        out.flush();
        return true;
    }
}
