package io.streamhouse.testkit;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A store that counts what passes through it. Thread-safe. Closing it closes the store behind it.
 *
 * <p>Objects are told apart by <em>kind</em>: by default the first component of the path below a table's directory
 * ({@code data}, {@code mask}, {@code manifest}, {@code snapshot}, {@code hint}, …).
 */
public final class CountingObjectStore extends ForwardingObjectStore {
    /** Kind of an object outside of the table. */
    public static final String OUTSIDE = "(outside)";

    private final UnaryOperator<String> kindOf;
    private final StoreCounter counter = new StoreCounter();

    private CountingObjectStore(ObjectStore store, UnaryOperator<String> kindOf) {
        super(store);
        this.kindOf = kindOf;
    }

    /** Counts by the first component below a table's directory; the empty text is a store that holds one table. */
    public static CountingObjectStore ofTable(ObjectStore store, String tableDirectory) {
        String prefix = tableDirectory.isEmpty() ? "" : tableDirectory + "/";
        return byKind(store, path -> {
            if (!path.startsWith(prefix)) {
                return OUTSIDE;
            }
            int slash = path.indexOf('/', prefix.length());
            return path.substring(prefix.length(), slash < 0 ? path.length() : slash);
        });
    }

    /** Counts by any function of the path. */
    public static CountingObjectStore byKind(ObjectStore store, UnaryOperator<String> kindOf) {
        return new CountingObjectStore(store, kindOf);
    }

    /** The counts so far; subtract an earlier one for an interval. */
    public StoreCounts counts() {
        return counter.counts();
    }

    @Override
    public byte[] read(String path) throws IOException {
        byte[] bytes = super.read(path);
        counter.read(kindOf.apply(path), bytes.length);
        return bytes;
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        byte[] bytes = super.read(path, offset, length);
        counter.read(kindOf.apply(path), bytes.length);
        return bytes;
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        counter.inquiry();
        return super.find(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        super.put(path, bytes);
        counter.put(kindOf.apply(path), bytes.length);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        PutOutcome outcome = super.putIfAbsent(path, bytes);
        switch (outcome) {
            case CREATED -> counter.put(kindOf.apply(path), bytes.length);
            case EXISTED -> counter.lostRace();
            case UNKNOWN -> counter.unknown();
        }
        return outcome;
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        counter.inquiry();
        super.makeLasting(directory);
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return new Output(path, super.create(path));
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        counter.inquiry();
        return super.list(directory);
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        counter.inquiry();
        return super.listDirectories(directory);
    }

    @Override
    public boolean delete(String path) throws IOException {
        boolean deleted = super.delete(path);
        if (deleted) {
            counter.delete();
        }
        return deleted;
    }

    private final class Output extends ForwardingObjectOutput {
        private final String path;

        Output(String path, ObjectOutput output) {
            super(output);
            this.path = path;
        }

        @Override
        public void commit() throws IOException {
            super.commit();
            counter.put(kindOf.apply(path), position());
        }
    }
}
