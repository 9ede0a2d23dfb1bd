package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Asks a store on objects of its own for a true put-if-absent, before a table trusts it: one that overwrites or forgets is
 * found for certain, one that only looks before it writes by chance, in a race. With races some 30 requests, else 5; the
 * objects are deleted again.
 */
final class CommitProbe {
    /** Objects that are raced for, all at once. */
    private static final int RACES = 2;
    /** Writers of each. */
    private static final int WRITERS = 8;

    private final ObjectStore store;
    private final Optional<Executor> racers;

    /**
     * @param store where a table is to be created
     * @param racers runs tasks side by side; without it there are no races
     */
    CommitProbe(ObjectStore store, Optional<Executor> racers) {
        this.store = store;
        this.racers = racers;
    }

    /** {@code NO_COMMIT_PRIMITIVE} if the store was found out. Writes below {@code path}, which must be unused. */
    void run(String path) throws IOException {
        String twice = path + "/twice";
        List<String> raced = new ArrayList<>();
        for (int race = 0; racers.isPresent() && race < RACES; race++) {
            raced.add(path + "/race-" + race);
        }
        try {
            putTwice(twice);
            if (racers.isPresent()) {
                race(racers.get(), raced);
            }
        } catch (IOException | RuntimeException e) {
            try {
                delete(twice, raced);
            } catch (IOException | RuntimeException remains) {
                e.addSuppressed(remains);
            }
            throw e;
        }
        delete(twice, raced);
    }

    private void delete(String twice, List<String> raced) throws IOException {
        store.delete(twice);
        for (String object : raced) {
            store.delete(object);
        }
    }

    private void putTwice(String path) throws IOException {
        byte[] first = {'1'};
        byte[] second = {'2'};
        boolean created = CreateOnce.create(store, path, first);
        boolean createdAgain = CreateOnce.create(store, path, second);
        byte[] found = store.read(path);
        if (!created || createdAgain || !Arrays.equals(found, first)) {
            throw refused("lets a second writer replace an object that exists", path);
        }
    }

    private void race(Executor executor, List<String> paths) throws IOException {
        List<List<CompletableFuture<PutOutcome>>> answers = new ArrayList<>();
        for (String path : paths) {
            List<CompletableFuture<PutOutcome>> ofPath = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                byte[] mine = {(byte) writer};
                ofPath.add(CompletableFuture.supplyAsync(() -> put(path, mine), executor));
            }
            answers.add(ofPath);
        }
        List<Integer> winners = new ArrayList<>();
        for (int race = 0; race < paths.size(); race++) {
            winners.add(winner(paths.get(race), answers.get(race)));
        }
        for (int race = 0; race < paths.size(); race++) {
            int winner = winners.get(race);
            if (winner >= 0 && !Arrays.equals(store.read(paths.get(race)), new byte[] {(byte) winner})) {
                throw refused("keeps another object than that of the writer that created it", paths.get(race));
            }
        }
    }

    // A put that failed says as little as an unknown answer: it may have won.
    private PutOutcome put(String path, byte[] bytes) {
        try {
            return store.putIfAbsent(path, bytes);
        } catch (IOException e) {
            return PutOutcome.UNKNOWN;
        }
    }

    /** The writer that was told that it has won, -1 if none was. */
    private int winner(String path, List<CompletableFuture<PutOutcome>> answers) {
        int winner = -1;
        int winners = 0;
        RuntimeException failed = null;
        for (int writer = 0; writer < WRITERS; writer++) {
            try {
                if (answers.get(writer).join() == PutOutcome.CREATED) {
                    winner = writer;
                    winners++;
                }
            } catch (CompletionException e) {
                failed = e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        if (winners > 1) {
            throw refused("tells %d writers at once that they have created one object".formatted(winners), path);
        }
        return winner;
    }

    private StreamhouseException refused(String what, String path) {
        return new StreamhouseException(
                ErrorCode.NO_COMMIT_PRIMITIVE,
                "%s %s (probe %s): commits would be lost, so no table can be created there"
                        .formatted(store.uri(), what, path));
    }
}
