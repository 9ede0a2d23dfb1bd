package io.streamhouse.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that put different contents under one name at the same moment, again and again. */
public final class PutRace {
    private static final int FILL_BYTES = 4_000;

    /**
     * What a race gave.
     *
     * @param winners answers CREATED
     * @param losers answers EXISTED
     * @param wrong rounds that had not exactly one winner, or whose object is not the winner's, or in which a loser read
     *     another object than the one that stands in the end
     */
    public record Result(long winners, long losers, long wrong) {}

    private record Answer(PutOutcome outcome, int ownerSeen) {}

    private PutRace() {}

    /** Runs a race of {@code rounds} rounds with {@code threads} writers each. */
    public static Result run(ObjectStore store, String directory, int threads, int rounds)
            throws InterruptedException, ExecutionException, IOException {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<List<Answer>>> runs = new ArrayList<>();
        try {
            for (int writer = 0; writer < threads; writer++) {
                runs.add(executor.submit(racer(store, directory, start, writer, rounds)));
            }
            List<List<Answer>> answers = new ArrayList<>();
            for (Future<List<Answer>> run : runs) {
                answers.add(run.get());
            }
            return judge(store, directory, answers, rounds);
        } finally {
            executor.shutdownNow();
            executor.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static Callable<List<Answer>> racer(
            ObjectStore store, String directory, CyclicBarrier start, int writer, int rounds) {
        byte[] content = Stamped.content(writer, FILL_BYTES + writer);
        return () -> {
            List<Answer> answers = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                start.await(60, TimeUnit.SECONDS);
                PutOutcome outcome = store.putIfAbsent(path(directory, round), content);
                answers.add(new Answer(outcome, Stamped.writerOf(store.read(path(directory, round)))));
            }
            return answers;
        };
    }

    private static Result judge(ObjectStore store, String directory, List<List<Answer>> answers, int rounds)
            throws IOException {
        long winners = 0;
        long losers = 0;
        long wrong = 0;
        for (int round = 0; round < rounds; round++) {
            int owner = Stamped.writerOf(store.read(path(directory, round)));
            int created = 0;
            boolean right = owner >= 0;
            for (int writer = 0; writer < answers.size(); writer++) {
                Answer answer = answers.get(writer).get(round);
                created += answer.outcome == PutOutcome.CREATED ? 1 : 0;
                losers += answer.outcome == PutOutcome.EXISTED ? 1 : 0;
                right &= answer.ownerSeen == owner && (answer.outcome == PutOutcome.CREATED) == (writer == owner);
            }
            winners += created;
            wrong += right && created == 1 ? 0 : 1;
        }
        return new Result(winners, losers, wrong);
    }

    private static String path(String directory, int round) {
        return "%s/%06d".formatted(directory, round);
    }
}
