package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Asks a store on objects of its own for a true put-if-absent, before a table trusts it: one that overwrites or forgets is
 * found for certain, one that only looks before it writes by chance, in a race. With races some 30 requests, else 4; the
 * objects are deleted again when all puts have ended, whatever came out. A put whose answer was lost may still arrive later:
 * what it leaves is an orphan of the table. Where the winner of a race was told that it lost, as behind a proxy that repeats
 * requests, one more race is judged by what each writer reads right after its put, as commits are.
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

    /**
     * Writes below {@code path}, which must be unused.
     *
     * @throws StreamhouseException {@code NO_COMMIT_PRIMITIVE} if the store was found out, or if so many answers were lost
     *     that a race was never decided
     */
    void run(String path) throws IOException {
        List<String> objects = new ArrayList<>();
        objects.add(path + "/twice");
        for (int race = 0; racers.isPresent() && race < RACES; race++) {
            objects.add(path + "/race-" + race);
        }
        Exception failed = null;
        try {
            putTwice(objects.get(0));
            if (racers.isPresent()) {
                List<String> races = List.copyOf(objects.subList(1, objects.size()));
                if (race(racers.get(), races, false)) {
                    objects.add(path + "/race-again");
                    race(racers.get(), List.of(path + "/race-again"), true);
                }
            }
        } catch (IOException | RuntimeException e) {
            failed = e;
        }
        for (String object : objects) {
            try {
                store.delete(object);
            } catch (IOException | RuntimeException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed instanceof IOException e) {
            throw e;
        }
        if (failed instanceof RuntimeException e) {
            throw e;
        }
    }

    private void putTwice(String path) throws IOException {
        byte[] first = {'1'};
        byte[] second = {'2'};
        boolean created = CreateOnce.create(store, path, first);
        boolean createdAgain = put(path, second, false) == PutOutcome.CREATED;
        byte[] found = found(path);
        if (!created || createdAgain || !Arrays.equals(found, first)) {
            throw refused("lets a second writer replace an object that exists", path);
        }
    }

    /** True if somebody has won who was told that it lost; never if the writers read back. */
    private boolean race(Executor executor, List<String> paths, boolean readsBack) throws IOException {
        List<List<CompletableFuture<PutOutcome>>> answers = new ArrayList<>();
        for (String path : paths) {
            List<CompletableFuture<PutOutcome>> ofPath = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                byte[] mine = {(byte) writer};
                ofPath.add(started(() -> put(path, mine, readsBack), executor));
            }
            answers.add(ofPath);
        }
        // no put may arrive when the objects have been deleted
        CompletableFuture<?>[] all = answers.stream().flatMap(List::stream).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).handle((none, failure) -> null).join();
        boolean isHidden = false;
        for (int race = 0; race < paths.size(); race++) {
            isHidden |= judge(paths.get(race), outcomes(answers.get(race)), readsBack);
        }
        return isHidden;
    }

    private static CompletableFuture<PutOutcome> started(Supplier<PutOutcome> put, Executor executor) {
        try {
            return CompletableFuture.supplyAsync(put, executor);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // A put that failed says as little as an unknown answer: it may have won.
    private PutOutcome put(String path, byte[] bytes, boolean readsBack) {
        try {
            PutOutcome answer = store.putIfAbsent(path, bytes);
            if (!readsBack || answer == PutOutcome.CREATED) {
                return answer;
            }
            if (answer == PutOutcome.UNKNOWN && store.size(path) < 0) {
                return PutOutcome.UNKNOWN; // the one that did not arrive came before all others
            }
            return Arrays.equals(found(path), bytes) ? PutOutcome.CREATED : PutOutcome.EXISTED;
        } catch (IOException e) {
            return PutOutcome.UNKNOWN;
        }
    }

    private static List<PutOutcome> outcomes(List<CompletableFuture<PutOutcome>> answers) {
        try {
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** One writer has won, at most, and its object stands. True if that one was told that it lost. */
    private boolean judge(String path, List<PutOutcome> outcomes, boolean readsBack) throws IOException {
        int winners = Collections.frequency(outcomes, PutOutcome.CREATED);
        if (winners > 1) {
            throw refused("tells %d writers at once that they have created one object".formatted(winners), path);
        }
        if (winners + Collections.frequency(outcomes, PutOutcome.EXISTED) < 2) {
            throw new StreamhouseException(
                    ErrorCode.NO_COMMIT_PRIMITIVE,
                    ("%s left it open who had created an object (probe %s: %d of %d answers were lost), so it is not known"
                                    + " whether commits would be safe there; nothing was created, try again")
                            .formatted(
                                    store.uri(), path, Collections.frequency(outcomes, PutOutcome.UNKNOWN), WRITERS));
        }
        byte[] found = found(path);
        boolean isOurs = found.length == 1 && found[0] >= 0 && found[0] < WRITERS;
        PutOutcome ofFound = isOurs ? outcomes.get(found[0]) : PutOutcome.EXISTED;
        // if nobody else has won, it may be who was told nothing, or was told so for a second try that it knows nothing
        // of
        boolean isHidden = isOurs && winners == 0 && ofFound == PutOutcome.EXISTED && !readsBack;
        if (!isHidden && ofFound != (winners == 1 ? PutOutcome.CREATED : PutOutcome.UNKNOWN)) {
            throw refused("keeps another object than that of the writer that created it", path);
        }
        return isHidden;
    }

    private byte[] found(String path) throws IOException {
        try {
            return store.read(path);
        } catch (StreamhouseException e) {
            throw e.code() == ErrorCode.MISSING_FILE ? refused("forgets an object that it has created", path) : e;
        }
    }

    private StreamhouseException refused(String what, String path) {
        return new StreamhouseException(
                ErrorCode.NO_COMMIT_PRIMITIVE,
                "%s %s (probe %s): commits would be lost, so no table can be created there"
                        .formatted(store.uri(), what, path));
    }
}
