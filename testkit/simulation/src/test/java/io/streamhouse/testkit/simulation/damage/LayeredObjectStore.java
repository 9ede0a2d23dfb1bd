package io.streamhouse.testkit.simulation.damage;

import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectOutput;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A store over another one that stays as it is: what is written, harmed or deleted lives in this layer only. Remembers
 * which objects were opened. One thread.
 */
final class LayeredObjectStore extends ForwardingObjectStore {
    private final ObjectStore base;
    private final ObjectStore layer = ObjectStores.memory();
    private final Set<String> deleted = new HashSet<>();
    private final List<Opened> opened = new ArrayList<>();

    /** Bytes of an object that were asked for. */
    private record Opened(String path, long from, long to) {}

    LayeredObjectStore(ObjectStore base) {
        super(base);
        this.base = base;
    }

    /** Whether a byte of a file or block was read. */
    boolean hasOpened(Subject subject) {
        return opened.stream()
                .anyMatch(o -> o.path.equals(subject.path()) && o.from < subject.to() && o.to > subject.from());
    }

    /** Where an object stands now. */
    private ObjectStore at(String path) throws IOException {
        return deleted.contains(path) || layer.size(path) >= 0 ? layer : base;
    }

    @Override
    public byte[] read(String path) throws IOException {
        opened.add(new Opened(path, 0, Long.MAX_VALUE));
        return at(path).read(path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        opened.add(new Opened(path, offset, offset + length));
        return at(path).read(path, offset, length);
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        return at(path).find(path);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        layer.put(path, bytes);
        deleted.remove(path);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        if (size(path) >= 0) {
            return PutOutcome.EXISTED;
        }
        put(path, bytes);
        return PutOutcome.CREATED;
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        deleted.remove(path);
        return layer.create(path);
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        TreeMap<String, ObjectInfo> found = new TreeMap<>();
        base.list(directory).forEach(o -> found.put(o.path(), o));
        deleted.forEach(found::remove);
        layer.list(directory).forEach(o -> found.put(o.path(), o));
        return new ArrayList<>(found.values());
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        TreeSet<String> names = new TreeSet<>(base.listDirectories(directory));
        names.addAll(layer.listDirectories(directory));
        return List.copyOf(names);
    }

    @Override
    public boolean delete(String path) throws IOException {
        boolean existed = size(path) >= 0;
        layer.delete(path);
        deleted.add(path);
        return existed;
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        for (ObjectInfo object : list(directory)) {
            delete(object.path());
        }
    }

    @Override
    public void close() {}
}
