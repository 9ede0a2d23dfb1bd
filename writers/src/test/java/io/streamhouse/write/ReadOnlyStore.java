package io.streamhouse.write;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.List;

/** A store that this process may read only; permissions of files do not bind a test that runs as root. */
record ReadOnlyStore(ObjectStore store) implements ObjectStore {
    private StreamhouseException refusal() {
        return new StreamhouseException(ErrorCode.NO_PERMISSION, "no right to write to " + store.uri());
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
    public void put(String path, byte[] bytes) {
        throw refusal();
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) {
        throw refusal();
    }

    @Override
    public ObjectOutput create(String path) {
        throw refusal();
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
    public boolean delete(String path) {
        throw refusal();
    }

    @Override
    public void deleteDirectory(String directory) {
        throw refusal();
    }

    @Override
    public String uri() {
        return store.uri();
    }

    @Override
    public void close() {
        // the store is another's
    }
}
