package io.streamhouse.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Hands every call on, closing included; what a store does otherwise its subclass says. {@link #readChecked} is made of
 * {@link #read(String, long, int)}, so that it sees what a subclass does to reads. As thread-safe as the store behind it.
 */
public class ForwardingObjectStore implements ObjectStore {
    private final ObjectStore store;

    protected ForwardingObjectStore(ObjectStore store) {
        this.store = store;
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
    public Optional<ObjectInfo> find(String path) throws IOException {
        return store.find(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        store.put(path, bytes);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        return store.putIfAbsent(path, bytes);
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        store.makeLasting(directory);
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
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return store.listTemporary(directory);
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
    public boolean deleteEmptyDirectory(String directory) throws IOException {
        return store.deleteEmptyDirectory(directory);
    }

    @Override
    public String uri() {
        return store.uri();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
