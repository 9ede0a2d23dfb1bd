package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.List;

/** A connection that lets others act right before something is put if absent: between resolving and publishing. */
final class HookedObjectStore implements ObjectStore {
    private final ObjectStore store;
    private final Puts puts;

    /** Who is told of puts. */
    interface Puts {
        void before(String path);

        void after(String path, PutOutcome outcome);
    }

    HookedObjectStore(ObjectStore store, Puts puts) {
        this.store = store;
        this.puts = puts;
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        puts.before(path);
        PutOutcome outcome = store.putIfAbsent(path, bytes);
        puts.after(path, outcome);
        return outcome;
    }

    @Override
    public byte[] read(String path) throws IOException {
        return store.read(path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return store.read(path, offset, length);
    }

    @Override
    public long size(String path) throws IOException {
        return store.size(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        store.put(path, bytes);
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return store.create(path);
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        return store.list(directory);
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        return store.listDirectories(directory);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return store.delete(path);
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        store.deleteDirectory(directory);
    }

    @Override
    public String uri() {
        return "memory:///history"; // stores in memory are numbered, messages in traces are not to be
    }

    @Override
    public void close() {
        // the connection is closed by whoever opened it
    }
}
