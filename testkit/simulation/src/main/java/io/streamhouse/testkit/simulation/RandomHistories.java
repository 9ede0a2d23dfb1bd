package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.ExpiryChecks;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Runs random histories; the same seeds give the same histories, byte for byte. Thread-safe. */
public final class RandomHistories {
    /** Small histories tried for a short trace of a failure. */
    private static final int SHORTENING_TRIES = 400;

    private RandomHistories() {}

    /**
     * Runs histories one after another, up to the first whose table is wrong.
     *
     * @param count number of histories
     * @param firstSeed their seeds are this one and those that follow
     * @param mutant the rule to leave out
     */
    public static HistoryReport run(int count, long firstSeed, Mutant mutant) {
        return run(count, firstSeed, mutant, 1);
    }

    /** The same on some threads; which history fails first may then differ between runs. */
    public static HistoryReport run(int count, long firstSeed, Mutant mutant, int threads) {
        AtomicLong next = new AtomicLong(firstSeed);
        Sum sum = new Sum();
        Runnable worker = () -> {
            for (long seed = next.getAndIncrement(); seed < firstSeed + count && !sum.failed(); ) {
                sum.add(one(seed, mutant));
                seed = next.getAndIncrement();
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

    /** A short history that fails too, found among small ones; the failure itself if there is none. */
    public static HistoryFailure shortened(HistoryFailure failure, Mutant mutant) {
        HistoryFailure shortest = failure;
        for (int i = 0; i < SHORTENING_TRIES; i++) {
            long seed = Seeds.derive(failure.seed(), i);
            Optional<HistoryFailure> found =
                    run(seed, HistorySettings.small(i / 40), mutant).failure();
            if (found.isPresent()
                    && found.get().trace().size() < shortest.trace().size()) {
                shortest = found.get();
            }
        }
        return shortest;
    }

    private static One one(long seed, Mutant mutant) {
        HistorySettings settings = HistorySettings.of(seed);
        // a rule of expiry is missed where something expires
        return run(seed, mutant.expiry().equals(ExpiryChecks.ALL) ? settings : settings.expiring(), mutant);
    }

    private static One run(long seed, HistorySettings settings, Mutant mutant) {
        History history = null;
        Throwable error = null;
        try {
            history = new History(seed, settings, mutant);
            history.run();
        } catch (IOException | RuntimeException | AssertionError e) {
            error = e;
        }
        if (history == null) {
            return new One(seed, new Tally(), 0, Optional.of(new HistoryFailure(seed, error, List.of())));
        }
        Trace trace = history.trace();
        Optional<HistoryFailure> failure =
                Optional.ofNullable(error).map(e -> new HistoryFailure(seed, e, trace.lines()));
        return new One(seed, history.tally(), trace.hash(), failure);
    }

    /** How one history went. */
    private record One(long seed, Tally tally, long traceHash, Optional<HistoryFailure> failure) {}

    private static final class Sum {
        private final Tally tally = new Tally();
        private final Map<Long, Long> hashes = new HashMap<>();
        private HistoryFailure failure;

        synchronized void add(One one) {
            tally.add(one.tally());
            hashes.put(one.seed(), one.traceHash());
            if (failure == null || one.failure().isPresent() && one.seed() < failure.seed()) {
                failure = one.failure().orElse(failure);
            }
        }

        synchronized boolean failed() {
            return failure != null;
        }

        synchronized HistoryReport report() {
            return new HistoryReport(tally.counts(), hashes, Optional.ofNullable(failure));
        }
    }
}
