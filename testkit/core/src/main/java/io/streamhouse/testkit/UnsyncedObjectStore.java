package io.streamhouse.testkit;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectPath;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A store as a local disk is: what was put if absent can be seen before it is sure to stay. A {@link FaultyObjectStore}
 * over it says which puts were answered; others are taken by a loss of power, unless somebody has made them lasting. One
 * thread.
 */
public final class UnsyncedObjectStore extends ForwardingObjectStore {
    private final Predicate<String> isLate;
    private final boolean journaled;
    private final Set<String> unsynced = new LinkedHashSet<>();

    /**
     * @param store what can be seen
     * @param isLate paths of objects that are not sure to stay; all others are as soon as they can be seen
     * @param journaled whether whatever is written takes along what was written before it, in any directory, as journals of
     *     most file systems do
     */
    public UnsyncedObjectStore(ObjectStore store, Predicate<String> isLate, boolean journaled) {
        super(store);
        this.isLate = isLate;
        this.journaled = journaled;
    }

    /** Objects that can be seen and are not sure to stay. */
    public Set<String> unsynced() {
        return Set.copyOf(unsynced);
    }

    /** Seconds pass: all that can be seen stays. */
    public void writeBack() {
        unsynced.clear();
    }

    /** The power is lost, and with it what was not sure to stay; returns how much that is. */
    public int losePower() throws IOException {
        int taken = 0;
        for (Iterator<String> paths = unsynced.iterator(); paths.hasNext(); ) {
            taken += super.delete(paths.next()) ? 1 : 0;
            paths.remove();
        }
        return taken;
    }

    /** The same store without what a loss of power would take. */
    public ObjectStore lasting() {
        return new Lasting();
    }

    /** A change of an object was answered: it stays, and what stands beside it. */
    void answered(String path) {
        makeLasting(ObjectPath.directory(path));
    }

    @Override
    public void makeLasting(String directory) {
        unsynced.removeIf(path -> journaled || ObjectPath.directory(path).equals(directory));
    }

    // Contents are synced before their object can be seen, whatever becomes of the answer.
    private void written() {
        if (journaled) {
            writeBack();
        }
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        written();
        super.put(path, bytes);
        unsynced.remove(path);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        PutOutcome outcome = super.putIfAbsent(path, bytes);
        if (outcome == PutOutcome.CREATED) {
            written();
            if (isLate.test(path)) {
                unsynced.add(path);
            }
        }
        return outcome;
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return new ForwardingObjectOutput(super.create(path)) {
            @Override
            public void commit() throws IOException {
                written();
                super.commit();
            }
        };
    }

    @Override
    public boolean delete(String path) throws IOException {
        unsynced.remove(path);
        return super.delete(path);
    }

    private final class Lasting extends ForwardingObjectStore {
        Lasting() {
            super(UnsyncedObjectStore.this);
        }

        @Override
        public byte[] read(String path) throws IOException {
            requireLasting(path);
            return super.read(path);
        }

        @Override
        public byte[] read(String path, long offset, int length) throws IOException {
            requireLasting(path);
            return super.read(path, offset, length);
        }

        private void requireLasting(String path) {
            if (unsynced.contains(path)) {
                throw new StreamhouseException(ErrorCode.MISSING_FILE, "%s is not sure to stay".formatted(path));
            }
        }

        @Override
        public Optional<ObjectInfo> find(String path) throws IOException {
            return unsynced.contains(path) ? Optional.empty() : super.find(path);
        }

        @Override
        public List<ObjectInfo> list(String directory) throws IOException {
            return super.list(directory).stream()
                    .filter(object -> !unsynced.contains(object.path()))
                    .toList();
        }
    }
}
