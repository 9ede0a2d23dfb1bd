package io.streamhouse.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamhouse.spec.codec.Checksums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps what {@link #readChecked} has read from a far store: in memory, and on a local disk if it is given one. Only
 * bytes that have the checksum of their reference are kept, so a flipped bit does not stay; all other calls go through. A
 * disk that fails is a disk that is not there. Thread-safe. Closing it closes the store behind it.
 */
public final class CachedObjectStore extends ForwardingObjectStore {
    /** A range above this part of the memory is not kept in it. */
    private static final int LARGEST_PART = 8;

    private static final int HEAP_PER_RANGE = 128;

    private final ObjectStore store;
    private final long memoryBytes;
    private final Cache<CachedRange, byte[]> memory;
    private final Optional<RangeFiles> disk;
    private final LongAdder memoryHits = new LongAdder();
    private final LongAdder diskHits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * How reads were served.
     *
     * @param memoryHits from memory
     * @param diskHits from the local disk
     * @param misses from the store
     */
    public record Counts(long memoryHits, long diskHits, long misses) {}

    private CachedObjectStore(ObjectStore store, long memoryBytes, Optional<RangeFiles> disk) {
        super(store);
        this.store = store;
        this.memoryBytes = memoryBytes;
        this.disk = disk;
        this.memory = Caffeine.newBuilder()
                .maximumWeight(memoryBytes)
                .weigher((CachedRange range, byte[] bytes) -> bytes.length + HEAP_PER_RANGE)
                .executor(Runnable::run)
                .build();
    }

    /**
     * With a cache in memory alone.
     *
     * @param memoryBytes bound of the memory, 0 for none
     */
    public static CachedObjectStore inMemory(ObjectStore store, long memoryBytes) {
        return new CachedObjectStore(store, memoryBytes, Optional.empty());
    }

    /** With a cache in memory and one on a local disk; the cache deletes its files when it is closed. */
    public static CachedObjectStore onDisk(ObjectStore store, long memoryBytes, RangeFiles disk) {
        return new CachedObjectStore(store, memoryBytes, Optional.of(disk));
    }

    /** How reads were served since the cache was made. */
    public Counts counts() {
        return new Counts(memoryHits.sum(), diskHits.sum(), misses.sum());
    }

    @Override
    public List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        byte[][] out = new byte[ranges.size()][];
        List<CheckedRange> missing = new ArrayList<>();
        for (int i = 0; i < out.length; i++) {
            out[i] = kept(new CachedRange(path, ranges.get(i)));
            if (out[i] == null) {
                missing.add(ranges.get(i));
            }
        }
        if (!missing.isEmpty()) {
            Iterator<byte[]> read = store.readChecked(path, missing).iterator();
            for (int i = 0; i < out.length; i++) {
                if (out[i] == null) {
                    out[i] = read.next();
                    keep(new CachedRange(path, ranges.get(i)), out[i]);
                }
            }
        }
        return Arrays.asList(out);
    }

    /** What memory or disk holds of a range, or null. */
    private byte[] kept(CachedRange range) {
        byte[] bytes = memory.getIfPresent(range);
        if (bytes != null) {
            memoryHits.increment();
            return bytes;
        }
        bytes = disk.flatMap(d -> d.read(range)).orElse(null);
        if (bytes != null) {
            diskHits.increment();
            remember(range, bytes);
        }
        return bytes;
    }

    private void keep(CachedRange range, byte[] bytes) {
        misses.increment();
        disk.ifPresent(d -> d.write(range, bytes));
        remember(range, bytes);
    }

    private void remember(CachedRange range, byte[] bytes) {
        if (bytes.length <= memoryBytes / LARGEST_PART) {
            memory.put(range, bytes);
        }
    }

    @Override
    public void close() throws IOException {
        memory.invalidateAll();
        disk.ifPresent(RangeFiles::close);
        super.close();
    }

    /**
     * A range and where it is.
     *
     * @param path path in the store
     * @param range bytes of the object
     */
    record CachedRange(String path, CheckedRange range) {
        boolean isHeldBy(byte[] bytes) {
            return bytes.length == range.length() && Checksums.crc32c(bytes) == range.crc32c();
        }
    }
}
