package io.streamhouse.catalog;

import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store in which the rest of the world goes on before every call: a caller may be stalled anywhere. */
final class InterruptedStore implements ObjectStore {
    /** What goes on meanwhile. */
    interface World {
        void goOn() throws IOException;
    }

    private final ObjectStore store;
    private final World world;

    InterruptedStore(ObjectStore store, World world) {
        this.store = store;
        this.world = world;
    }

    private ObjectStore later() throws IOException {
        world.goOn();
        return store;
    }

    @Override
    public byte[] read(String path) throws IOException {
        return later().read(path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return later().read(path, offset, length);
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        return later().find(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        later().put(path, bytes);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        return later().putIfAbsent(path, bytes);
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return later().listTemporary(directory);
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        later().makeLasting(directory);
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return later().create(path);
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        return later().list(directory);
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        return later().listDirectories(directory);
    }

    @Override
    public boolean delete(String path) throws IOException {
        return later().delete(path);
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        later().deleteDirectory(directory);
    }

    @Override
    public String uri() {
        return store.uri();
    }

    @Override
    public void close() {}
}
