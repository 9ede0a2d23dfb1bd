package io.streamhouse.testkit.planted.lake;

import io.streamhouse.testkit.planted.lake.run.Run;
import io.streamhouse.testkit.planted.spec.Word;
import io.streamhouse.testkit.planted.spec.open.OpenWord;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A good class: imports downwards, through doors and into its own child, and uses injected components. */
public record Lake(Word word, OpenWord open, Run run) {
    long good(InstantSource clock, RandomGenerator random, Executor executor, Word[] words) {
        CompletableFuture.supplyAsync(() -> words.length, executor);
        return clock.millis() + random.nextLong() + System.nanoTime();
    }
}
