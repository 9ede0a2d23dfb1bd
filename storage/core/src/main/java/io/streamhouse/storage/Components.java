package io.streamhouse.storage;

import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the outside world gives to the store: bytes, time, ids, chance and threads. Everything below the command line
 * takes them from here, so that a simulation can own them all.
 *
 * @param store where objects live
 * @param clock wall clock; decides nothing about order
 * @param ids new UUIDs
 * @param random jitter and sampling; never correctness
 * @param executor work beside the caller's thread; {@code Runnable::run} is legal
 * @param marks who is told of the rare places that the code comes to
 */
public record Components(
        ObjectStore store, InstantSource clock, IdSource ids, RandomGenerator random, Executor executor, Marks marks) {
    public Components {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(ids, "ids");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(marks, "marks");
    }

    /** A world where nobody counts rare places. */
    public Components(ObjectStore store, InstantSource clock, IdSource ids, RandomGenerator random, Executor executor) {
        this(store, clock, ids, random, executor, Marks.NONE);
    }

    /** The real world around a store: system clock, random UUIDs, the caller's own thread. */
    public static Components system(ObjectStore store) {
        return new Components(
                store, InstantSource.system(), UUID::randomUUID, RandomGenerator.getDefault(), Runnable::run);
    }

    /** The same world around another store. */
    public Components withStore(ObjectStore other) {
        return new Components(other, clock, ids, random, executor, marks);
    }
}
