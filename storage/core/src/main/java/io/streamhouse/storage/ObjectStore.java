package io.streamhouse.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flat store of immutable objects under one root. Thread-safe.
 *
 * <p>Paths are relative, components joined by {@code /}, no empty, {@code .} or {@code ..} component, no leading slash;
 * an illegal path is an {@link IllegalArgumentException}. A missing object is a
 * {@link io.streamhouse.spec.StreamhouseException} with {@code MISSING_FILE} that names the path; missing rights are
 * {@code NO_PERMISSION}, a full disk {@code NO_SPACE}; every other failure of the store an {@link IOException}.
 * Every implementation passes {@code ObjectStoreContract}.
 */
public interface ObjectStore extends Closeable {
    /** The whole object. */
    byte[] read(String path) throws IOException;

    /**
     * Exactly {@code length} bytes from {@code offset}; an object that ends earlier is {@code CORRUPT_FILE} (truncated),
     * checked before anything is allocated.
     */
    byte[] read(String path, long offset, int length) throws IOException;

    /**
     * Ranges whose checksums their references name, in the order asked for; other bytes are {@code CORRUPT_FILE}. Such
     * ranges never change, so a store may read several at once, and keep them: the arrays may be shared and must not be
     * changed.
     */
    default List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        List<byte[]> out = new ArrayList<>(ranges.size());
        for (CheckedRange range : ranges) {
            out.add(range.checked(path, read(path, range.offset(), range.length())));
        }
        return out;
    }

    /** One such range. */
    default byte[] readChecked(String path, CheckedRange range) throws IOException {
        return readChecked(path, List.of(range)).get(0);
    }

    /** Length and time of last change, the same as or an earlier one than {@link #list} gives; empty if there is no such object. */
    Optional<ObjectInfo> find(String path) throws IOException;

    /** Length in bytes, or -1 if there is no such object. */
    default long size(String path) throws IOException {
        return find(path).map(ObjectInfo::sizeBytes).orElse(-1L);
    }

    /** Writes or replaces an object, unconditionally and durably; for hints and what has a unique name. */
    void put(String path, byte[] bytes) throws IOException;

    /**
     * Creates the object if no object of that name exists: of any number of concurrent callers in any processes exactly
     * one gets {@link PutOutcome#CREATED}, and an object is never visible in part. The implementation does not retry.
     */
    PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException;

    /**
     * Returns when everything that can be seen directly in this directory outlasts a loss of power, whoever has put it and
     * whether they were ever answered. For who is about to acknowledge what it has found, not what it has put: what was
     * put is lasting, and all that stood beside it, as soon as {@link #put}, {@link ObjectOutput#commit} or {@link
     * #putIfAbsent}, with {@code CREATED} and {@code EXISTED} alike, have answered. A missing directory is none. Nothing to
     * do where a store shows only what lasts.
     *
     * @throws IOException if it is not known what lasts; never a coded exception, which would say that the put that was found
     *     had no effect
     */
    default void makeLasting(String directory) throws IOException {}

    /** Streams a new object; see {@link ObjectOutput}. */
    ObjectOutput create(String path) throws IOException;

    /**
     * Objects whose path begins with {@code directory + "/"}, at any depth, ascending by path; temporary objects of
     * writers are left out; a missing directory is an empty list.
     */
    List<ObjectInfo> list(String directory) throws IOException;

    /** Names of the direct children that are directories (have objects below them or exist as such), ascending. */
    List<String> listDirectories(String directory) throws IOException;

    /**
     * What writers have begun and not finished, at any depth below a directory, as objects under the names that
     * {@link #delete} takes; ascending by path. Some of it is being written right now. Empty where nothing is left behind.
     */
    default List<ObjectInfo> listTemporary(String directory) throws IOException {
        return List.of();
    }

    /** Deletes an object; true if it was there. */
    boolean delete(String path) throws IOException;

    /** Deletes everything below the directory; not atomic. */
    void deleteDirectory(String directory) throws IOException;

    /** Deletes a directory that holds nothing at all; true if it was there. False where directories do not exist as such. */
    default boolean deleteEmptyDirectory(String directory) throws IOException {
        return false;
    }

    /** The root, for messages and for paths that other engines read: a URI without a trailing slash. */
    String uri();

    @Override
    void close() throws IOException;
}
