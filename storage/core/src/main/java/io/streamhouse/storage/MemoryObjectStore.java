package io.streamhouse.storage;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Objects in a sorted map. Bytes are copied in and out, so that no caller can change a stored object. */
final class MemoryObjectStore implements ObjectStore {
    private static final AtomicLong STORES = new AtomicLong();

    private record Entry(byte[] bytes, long modifiedMillis) {}

    private final ConcurrentNavigableMap<String, Entry> objects = new ConcurrentSkipListMap<>();
    private final InstantSource clock;
    private final String uri = "memory:///" + STORES.incrementAndGet();

    MemoryObjectStore(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public byte[] read(String path) {
        return existing(path).bytes.clone();
    }

    @Override
    public byte[] read(String path, long offset, int length) {
        byte[] bytes = existing(path).bytes;
        Ranges.check(path, offset, length, bytes.length);
        return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }

    @Override
    public Optional<ObjectInfo> find(String path) {
        Entry entry = objects.get(ObjectPath.check(path));
        return entry == null
                ? Optional.empty()
                : Optional.of(new ObjectInfo(path, entry.bytes.length, entry.modifiedMillis));
    }

    @Override
    public void put(String path, byte[] bytes) {
        objects.put(ObjectPath.check(path), entry(bytes.clone()));
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) {
        Entry before = objects.putIfAbsent(ObjectPath.check(path), entry(bytes.clone()));
        return before == null ? PutOutcome.CREATED : PutOutcome.EXISTED;
    }

    @Override
    public ObjectOutput create(String path) {
        return new Output(ObjectPath.check(path));
    }

    @Override
    public List<ObjectInfo> list(String directory) {
        List<ObjectInfo> found = new ArrayList<>();
        below(directory).forEach((path, entry) -> {
            if (!ObjectPath.isHidden(path)) {
                found.add(new ObjectInfo(path, entry.bytes.length, entry.modifiedMillis));
            }
        });
        return found;
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) {
        List<ObjectInfo> found = new ArrayList<>();
        below(directory).forEach((path, entry) -> {
            if (PendingFile.isTemporary(path.substring(path.lastIndexOf('/') + 1))) {
                found.add(new ObjectInfo(path, entry.bytes.length, entry.modifiedMillis));
            }
        });
        return found;
    }

    @Override
    public List<String> listDirectories(String directory) {
        int start = ObjectPath.prefix(directory).length();
        TreeSet<String> names = new TreeSet<>();
        for (String path : below(directory).keySet()) {
            int slash = path.indexOf('/', start);
            if (slash >= 0 && !ObjectPath.isHidden(path.substring(0, slash))) {
                names.add(path.substring(start, slash));
            }
        }
        return List.copyOf(names);
    }

    @Override
    public boolean delete(String path) {
        return objects.remove(ObjectPath.check(path)) != null;
    }

    @Override
    public void deleteDirectory(String directory) {
        below(ObjectPath.check(directory)).clear();
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public void close() {}

    private Entry existing(String path) {
        Entry entry = objects.get(ObjectPath.check(path));
        if (entry == null) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE, "no object '%s' in %s".formatted(TableName.printable(path), uri));
        }
        return entry;
    }

    private Entry entry(byte[] owned) {
        return new Entry(owned, clock.millis());
    }

    private ConcurrentNavigableMap<String, Entry> below(String directory) {
        String prefix = ObjectPath.prefix(ObjectPath.checkDirectory(directory));
        // '0' is the character after '/', so the range holds exactly the paths that begin with the prefix.
        return prefix.isEmpty() ? objects : objects.subMap(prefix, directory + '0');
    }

    private final class Output implements ObjectOutput {
        private final String path;
        private ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        private long position;

        Output(String path) {
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            open().write(bytes, offset, length);
            position += length;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void commit() {
            objects.put(path, entry(open().toByteArray()));
            buffer = null;
        }

        @Override
        public void close() {
            buffer = null;
        }

        private ByteArrayOutputStream open() {
            if (buffer == null) {
                throw new IllegalStateException("output of '%s' is committed or closed".formatted(path));
            }
            return buffer;
        }
    }
}
