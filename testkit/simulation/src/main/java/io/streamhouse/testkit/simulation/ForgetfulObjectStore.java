package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ForwardingObjectOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** A store that acknowledges what it has not made durable: its newest changes are gone when the power is. One thread. */
final class ForgetfulObjectStore extends ForwardingObjectStore {
    /** Changes that stand in memory only. */
    private static final int UNSYNCED = 6;

    private final ObjectStore durable;
    private final Deque<Undo> unsynced = new ArrayDeque<>();

    private interface Undo {
        void run() throws IOException;
    }

    ForgetfulObjectStore(ObjectStore durable) {
        super(durable);
        this.durable = durable;
    }

    /** The newest changes are undone, at least one of them if there are any. */
    void losePower(RandomGenerator random) throws IOException {
        int lost = unsynced.isEmpty() ? 0 : 1 + random.nextInt(unsynced.size());
        for (int i = 0; i < lost; i++) {
            unsynced.removeLast().run();
        }
        unsynced.clear();
    }

    private void remember(Undo undo) {
        unsynced.addLast(undo);
        if (unsynced.size() > UNSYNCED) {
            unsynced.removeFirst();
        }
    }

    private Undo undo(String path) throws IOException {
        if (durable.size(path) < 0) {
            return () -> durable.delete(path);
        }
        byte[] before = durable.read(path);
        return () -> durable.put(path, before);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        Undo undo = undo(path);
        super.put(path, bytes);
        remember(undo);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        PutOutcome outcome = super.putIfAbsent(path, bytes);
        if (outcome == PutOutcome.CREATED) {
            remember(() -> durable.delete(path));
        }
        return outcome;
    }

    @Override
    public boolean delete(String path) throws IOException {
        if (durable.size(path) < 0) {
            return false;
        }
        Undo undo = undo(path);
        boolean deleted = super.delete(path);
        remember(undo);
        return deleted;
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return new ForwardingObjectOutput(super.create(path)) {
            @Override
            public void commit() throws IOException {
                Undo undo = undo(path);
                super.commit();
                remember(undo);
            }
        };
    }
}
