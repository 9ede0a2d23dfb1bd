package io.streamhouse.testkit;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A connection of one process to a store whose calls fail as a {@link FaultPolicy} says.
 *
 * <p>After a crash this connection is dead for ever; {@link #connect()} opens another one, which shares the store behind
 * it, the policy, the counts and the calls that are still under way. Thread-safe; the same calls in the same order meet
 * the same faults. Closing a connection does not close the store behind it.
 */
public final class FaultyObjectStore implements ObjectStore {
    private interface Answer<T> {
        T get() throws IOException;
    }

    private interface Effect {
        /** Does the call; true if the store changed. */
        boolean apply() throws IOException;

        /** The call is under way and will be applied later, by somebody else. */
        default void postponed() {}
    }

    private final FaultyBackend backend;
    private volatile boolean crashed;

    /** The first connection to a store. */
    public FaultyObjectStore(ObjectStore store, FaultPolicy policy) {
        this(new FaultyBackend(store, policy));
    }

    private FaultyObjectStore(FaultyBackend backend) {
        this.backend = backend;
    }

    /** A new, living connection to the same store: of another process, or of this one after its restart. */
    public FaultyObjectStore connect() {
        return new FaultyObjectStore(backend);
    }

    /** Kills the process that holds this connection: every later call throws a {@link CrashedException}. */
    public void crash() {
        crashed = true;
    }

    /**
     * The machine of this connection loses its power: the process dies, and what it has under way ({@link
     * Fault#APPLIED_LATER}) reaches the store later or never. What was acknowledged stands.
     *
     * @param isLost asked for each call that is under way
     * @return how many of them never reach the store
     */
    public int losePower(BooleanSupplier isLost) {
        crash();
        return backend.lose(this, isLost);
    }

    public boolean isCrashed() {
        return crashed;
    }

    /** Lets all calls that are under way ({@link Fault#APPLIED_LATER}) reach the store now; returns their number. */
    public int settle() throws IOException {
        return backend.settle();
    }

    /** Calls of all connections that are under way. */
    public int underWay() {
        return backend.underWay();
    }

    /** Faults so far, over all connections. */
    public FaultReport report() {
        return backend.report();
    }

    /** A hash of all calls, faults and outcomes in order: equal for equal runs. */
    public long traceHash() {
        return backend.trace();
    }

    @Override
    public byte[] read(String path) throws IOException {
        return readBytes(path, () -> backend.store().read(path));
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return readBytes(path, () -> backend.store().read(path, offset, length));
    }

    private byte[] readBytes(String path, Answer<byte[]> answer) throws IOException {
        requireAlive(StoreCall.READ, path);
        Optional<Fault> fault = backend.arrive(StoreCall.READ, path);
        if (fault.isPresent() && fault.get() != Fault.FLIPPED_BIT) {
            throw failure(fault.get(), StoreCall.READ, path);
        }
        byte[] bytes = answer.get();
        return fault.isPresent() ? backend.flipped(bytes) : bytes;
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        return inquire(StoreCall.SIZE, path, () -> backend.store().find(path));
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        requireAlive(StoreCall.LIST, directory);
        Optional<Fault> fault = backend.arrive(StoreCall.LIST, directory);
        if (fault.isPresent() && fault.get() != Fault.STALE_LISTING) {
            throw failure(fault.get(), StoreCall.LIST, directory);
        }
        return backend.listed(directory, backend.store().list(directory), fault.isPresent());
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return inquire(StoreCall.LIST, directory, () -> backend.store().listTemporary(directory));
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        return inquire(StoreCall.LIST, directory, () -> backend.store().listDirectories(directory));
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        byte[] sent = bytes.clone();
        change(StoreCall.PUT, path, () -> {
            backend.store().put(path, sent);
            return true;
        });
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        byte[] sent = bytes.clone();
        PutOutcome[] answer = {PutOutcome.UNKNOWN};
        boolean answered = attempt(StoreCall.PUT_IF_ABSENT, path, () -> {
            answer[0] = backend.store().putIfAbsent(path, sent);
            return answer[0] == PutOutcome.CREATED;
        });
        PutOutcome outcome = answered ? answer[0] : PutOutcome.UNKNOWN;
        if (outcome != PutOutcome.UNKNOWN) {
            backend.answered(path);
        }
        backend.note(outcome.ordinal());
        return outcome;
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        inquire(StoreCall.MAKE_LASTING, directory, () -> {
            backend.store().makeLasting(directory);
            return directory;
        });
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        requireAlive(StoreCall.COMMIT, path);
        return new Output(path, backend.store().create(path));
    }

    @Override
    public boolean delete(String path) throws IOException {
        boolean[] there = new boolean[1];
        change(StoreCall.DELETE, path, () -> there[0] = backend.store().delete(path));
        return there[0];
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        change(StoreCall.DELETE, directory, () -> {
            backend.store().deleteDirectory(directory);
            return true;
        });
    }

    @Override
    public String uri() {
        return backend.store().uri();
    }

    @Override
    public void close() {}

    private <T> T inquire(StoreCall call, String path, Answer<T> answer) throws IOException {
        requireAlive(call, path);
        Optional<Fault> fault = backend.arrive(call, path);
        if (fault.isPresent()) {
            throw failure(fault.get(), call, path);
        }
        return answer.get();
    }

    private void change(StoreCall call, String path, Effect effect) throws IOException {
        if (!attempt(call, path, effect)) {
            throw new InjectedException(call, path);
        }
    }

    /** Makes a call that changes the store; false if it may have been done but the answer is lost. */
    private boolean attempt(StoreCall call, String path, Effect effect) throws IOException {
        requireAlive(call, path);
        Optional<Fault> fault = backend.arrive(call, path);
        if (fault.isEmpty()) {
            effect.apply();
            return true;
        }
        switch (fault.get()) {
            case RESPONSE_LOST -> {
                if (effect.apply()) {
                    backend.appliedUnanswered();
                }
                return false;
            }
            case APPLIED_LATER -> {
                effect.postponed();
                backend.later(this, () -> {
                    effect.apply();
                    backend.answered(path); // nobody hears it, but what is late stays
                });
                return false;
            }
            case CRASH_AFTER -> {
                effect.apply();
                throw failure(Fault.CRASH_AFTER, call, path);
            }
            case DONE_TWICE -> {
                effect.apply();
                effect.apply();
                return true;
            }
            case ERROR_BEFORE, CRASH_BEFORE -> throw failure(fault.get(), call, path);
            case NO_SPACE ->
                throw new StreamhouseException(ErrorCode.NO_SPACE, "no space left to write %s".formatted(path));
            case FLIPPED_BIT, STALE_LISTING -> {}
        }
        throw new IllegalStateException("fault " + fault.get() + " is not handled");
    }

    private InjectedException failure(Fault fault, StoreCall call, String path) {
        if (fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER) {
            crashed = true;
            return new CrashedException(call, path);
        }
        return new InjectedException(call, path);
    }

    private void requireAlive(StoreCall call, String path) throws CrashedException {
        if (crashed) {
            throw new CrashedException(call, path);
        }
    }

    private final class Output extends ForwardingObjectOutput {
        private final String path;
        private final ObjectOutput output;
        private boolean handedOver;

        Output(String path, ObjectOutput output) {
            super(output);
            this.path = path;
            this.output = output;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            requireAlive(StoreCall.COMMIT, path);
            super.write(bytes, offset, length);
        }

        @Override
        public void commit() throws IOException {
            change(StoreCall.COMMIT, path, new Effect() {
                @Override
                public boolean apply() throws IOException {
                    handedOver = true;
                    try (output) {
                        output.commit();
                    }
                    return true;
                }

                // A commit under way outlives the one who asked for it.
                @Override
                public void postponed() {
                    handedOver = true;
                }
            });
        }

        @Override
        public void close() throws IOException {
            if (!handedOver) {
                super.close();
            }
        }
    }
}
