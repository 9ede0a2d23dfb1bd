package io.streamhouse.testkit.simulation;

import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** Runs random histories; the same seeds give the same histories, byte for byte. Thread-safe. */
public final class RandomHistories {
    private RandomHistories() {}

    /**
     * Runs histories one after another, up to the first whose table is wrong.
     *
     * @param count number of histories
     * @param firstSeed their seeds are this one and those that follow
     * @param mutant the rule to leave out
     */
    public static HistoryReport run(long count, long firstSeed, Mutant mutant) {
        return run(count, firstSeed, mutant, 1, done -> {});
    }

    /**
     * The same on some threads, with the same report.
     *
     * @param progress told after every history how many are done, by any of the threads
     */
    public static HistoryReport run(long count, long firstSeed, Mutant mutant, int threads, LongConsumer progress) {
        AtomicLong next = new AtomicLong();
        Sum sum = new Sum();
        Runnable worker = () -> {
            for (long i = next.getAndIncrement(); i < count && !sum.failedBefore(i); i = next.getAndIncrement()) {
                Schedule schedule = Schedule.of(firstSeed + i);
                progress.accept(sum.add(i, schedule.seed(), play(schedule, mutant)));
            }
        };
        List<Thread> helpers = IntStream.range(1, threads)
                .mapToObj(i -> new Thread(worker, "histories-" + i))
                .toList();
        helpers.forEach(Thread::start);
        worker.run();
        boolean interrupted = false;
        for (Thread helper : helpers) {
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return sum.report();
    }

    /** Runs one history. */
    public static HistoryReport run(Schedule schedule, Mutant mutant) {
        Sum sum = new Sum();
        sum.add(0, schedule.seed(), play(schedule, mutant));
        return sum.report();
    }

    /** The same failure, or another one of the same history, with as few moves, faults and actors as can be. */
    public static HistoryFailure shortened(HistoryFailure failure, Mutant mutant) {
        return mutant.isOfPlantedDamage() ? failure : new Shrinker(failure, mutant).run();
    }

    private static HistorySettings settings(Schedule schedule, Mutant mutant) {
        HistorySettings settings = HistorySettings.of(schedule.seed());
        // what a rule is worth is to be shown in few moves
        settings = mutant == Mutant.NONE ? settings : settings.brief();
        // a rule of expiry is missed where something expires
        settings = mutant.isOfExpiry() ? settings.expiring() : settings;
        // nothing is gained from other changes of options
        settings = mutant == Mutant.NONE
                ? settings
                : settings.changing(mutant.isOfAlterations() ? HistorySettings.CHANGERS : 0);
        // who takes a won put for lost deletes the manifest that it wrote
        settings = mutant == Mutant.NO_READ_BACK ? settings.spilling() : settings;
        // what a job's own timelines mix is seen where the moves are its own
        settings = mutant == Mutant.NO_PREDECESSOR ? settings.cut(Cut.ONE_JOB) : settings;
        for (Cut cut : schedule.cuts()) {
            settings = settings.cut(cut);
        }
        return settings;
    }

    private static Played play(Schedule schedule, Mutant mutant) {
        return mutant.isOfPlantedDamage() ? playPlanted(schedule, mutant) : playHistory(schedule, mutant);
    }

    /** A directed schedule, which has no choices that could be left out. */
    private static Played playPlanted(Schedule schedule, Mutant mutant) {
        PlantedDamage damage = new PlantedDamage(schedule.seed(), mutant);
        try {
            damage.prepare();
        } catch (IOException e) {
            throw new IllegalStateException("seed %d cannot begin".formatted(schedule.seed()), e);
        }
        Optional<HistoryFailure> failure = Optional.empty();
        try {
            damage.run();
        } catch (IOException | RuntimeException | AssertionError e) {
            failure = Optional.of(new HistoryFailure(
                    schedule, new TreeSet<>(), e, damage.trace().lines()));
        }
        return new Played(new Tally(), damage.trace().hash(), failure);
    }

    private static Played playHistory(Schedule schedule, Mutant mutant) {
        History history = null;
        Throwable error = null;
        try {
            history = new History(schedule, settings(schedule, mutant), mutant);
            history.run();
        } catch (IOException | RuntimeException | AssertionError e) {
            error = e;
        }
        if (history == null) {
            throw new IllegalStateException("seed %d cannot begin".formatted(schedule.seed()), error);
        }
        Trace trace = history.trace();
        Optional<HistoryFailure> failure = error == null
                ? Optional.empty()
                : Optional.of(new HistoryFailure(schedule, history.choices().taken(), error, trace.lines()));
        return new Played(history.tally(), trace.hash(), failure);
    }

    /** How one history went. */
    private record Played(Tally tally, long traceHash, Optional<HistoryFailure> failure) {}

    private static final class Sum {
        private final Tally tally = new Tally();
        private long hash;
        private long done;
        private long failedAt = Long.MAX_VALUE;
        private HistoryFailure failure;

        synchronized long add(long index, long seed, Played played) {
            tally.add(played.tally());
            hash += Seeds.derive(played.traceHash(), seed);
            if (played.failure().isPresent() && index < failedAt) {
                failedAt = index;
                failure = played.failure().get();
            }
            return ++done;
        }

        synchronized boolean failedBefore(long index) {
            return failedAt < index;
        }

        synchronized HistoryReport report() {
            return new HistoryReport(tally.counts(), tally.marks(), hash, Optional.ofNullable(failure));
        }
    }
}
