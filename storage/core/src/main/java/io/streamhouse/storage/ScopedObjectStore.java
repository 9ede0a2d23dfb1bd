package io.streamhouse.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The part of a store below one directory, as a store: a table sees its own root and nothing else. Closing it leaves the
 * whole store open.
 */
public final class ScopedObjectStore implements ObjectStore {
    private final ObjectStore whole;
    private final String prefix;

    /**
     * @param whole the store
     * @param directory path below its root, without a trailing slash
     */
    public ScopedObjectStore(ObjectStore whole, String directory) {
        this.whole = whole;
        this.prefix = directory + "/";
    }

    private String path(String path) {
        return prefix + path;
    }

    /** A directory; the empty text is the root of this store. */
    private String directory(String directory) {
        return directory.isEmpty() ? prefix.substring(0, prefix.length() - 1) : path(directory);
    }

    @Override
    public byte[] read(String path) throws IOException {
        return whole.read(path(path));
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        return whole.read(path(path), offset, length);
    }

    @Override
    public List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        return whole.readChecked(path(path), ranges);
    }

    @Override
    public Optional<ObjectInfo> find(String path) throws IOException {
        return whole.find(path(path)).map(this::scoped);
    }

    @Override
    public void put(String path, byte[] bytes) throws IOException {
        whole.put(path(path), bytes);
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        return whole.putIfAbsent(path(path), bytes);
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        whole.makeLasting(directory(directory));
    }

    @Override
    public ObjectOutput create(String path) throws IOException {
        return whole.create(path(path));
    }

    @Override
    public List<ObjectInfo> list(String directory) throws IOException {
        return scoped(whole.list(directory(directory)));
    }

    @Override
    public List<ObjectInfo> listTemporary(String directory) throws IOException {
        return scoped(whole.listTemporary(directory(directory)));
    }

    private List<ObjectInfo> scoped(List<ObjectInfo> objects) {
        return objects.stream().map(this::scoped).toList();
    }

    private ObjectInfo scoped(ObjectInfo object) {
        return new ObjectInfo(object.path().substring(prefix.length()), object.sizeBytes(), object.modifiedMillis());
    }

    @Override
    public List<String> listDirectories(String directory) throws IOException {
        return whole.listDirectories(directory(directory));
    }

    @Override
    public boolean delete(String path) throws IOException {
        return whole.delete(path(path));
    }

    @Override
    public void deleteDirectory(String directory) throws IOException {
        whole.deleteDirectory(directory(directory));
    }

    @Override
    public boolean deleteEmptyDirectory(String directory) throws IOException {
        return whole.deleteEmptyDirectory(directory(directory));
    }

    @Override
    public String uri() {
        return whole.uri() + "/" + prefix.substring(0, prefix.length() - 1);
    }

    @Override
    public void close() {
        // the whole store is its owner's
    }
}
