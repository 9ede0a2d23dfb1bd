package io.streamhouse.write;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;

/** A store that this process may read only; permissions of files do not bind a test that runs as root. */
final class ReadOnlyStore extends ForwardingObjectStore {
    ReadOnlyStore(ObjectStore store) {
        super(store);
    }

    private StreamhouseException refusal() {
        return new StreamhouseException(ErrorCode.NO_PERMISSION, "no right to write to " + uri());
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
    public boolean delete(String path) {
        throw refusal();
    }

    @Override
    public void deleteDirectory(String directory) {
        throw refusal();
    }

    @Override
    public void close() {
        // the store is another's
    }
}
