package io.streamhouse.testkit.planted.lake;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Breaks the injection of time, chance and threads, once in each method. */
class Clocked {
    long millis() {
        return System.currentTimeMillis();
    }

    Instant instant() {
        return Instant.now();
    }

    LocalDate date() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    Date oldDate() {
        return new Date();
    }

    void sleep() throws InterruptedException {
        Thread.sleep(1);
    }

    void sleepLong() throws InterruptedException {
        TimeUnit.DAYS.sleep(1);
    }

    UUID uuid() {
        return UUID.randomUUID();
    }

    Supplier<UUID> uuidByReference() {
        return UUID::randomUUID;
    }

    Supplier<Instant> nowInLambda() {
        return () -> Instant.now();
    }

    Random random() {
        return new Random();
    }

    SecureRandom secureRandom() {
        return new SecureRandom();
    }

    int threadLocalRandom() {
        return ThreadLocalRandom.current().nextInt();
    }

    ForkJoinPool pool() {
        return ForkJoinPool.commonPool();
    }

    CompletableFuture<Void> async() {
        return CompletableFuture.runAsync(() -> {});
    }

    long parallelCollection() {
        return List.of(1).parallelStream().count();
    }

    int parallelStream() {
        return IntStream.range(0, 2).parallel().sum();
    }

    void parallelSort(int[] values) {
        Arrays.parallelSort(values);
    }
}
