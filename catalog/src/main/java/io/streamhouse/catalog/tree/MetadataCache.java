package io.streamhouse.catalog.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.MaskSegment;
import java.util.List;

/** Manifests and mask segments of a catalog's tables: immutable objects with unique names. Thread-safe. */
public final class MetadataCache {
    private static final long CACHED_BYTES = 64L << 20;
    /** A decoded entry on the heap against its bytes in a manifest; an estimate, high enough for many small slices. */
    private static final int HEAP_PER_BYTE = 4;

    private final Cache<String, Manifest> manifests = Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((String path, Manifest m) -> (int) Math.min(Integer.MAX_VALUE, m.sizeBytes * HEAP_PER_BYTE))
            .executor(Runnable::run)
            .build();
    private final Cache<String, MaskSegment> segments = Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((String path, MaskSegment s) -> heapBytes(s))
            .executor(Runnable::run)
            .build();

    private record Manifest(List<FileEntry> entries, long sizeBytes) {}

    /** Entries of the manifest of that URI, or null. */
    public List<FileEntry> manifest(String uri) {
        Manifest found = manifests.getIfPresent(uri);
        return found == null ? null : found.entries;
    }

    public void putManifest(String uri, List<FileEntry> entries, long sizeBytes) {
        manifests.put(uri, new Manifest(List.copyOf(entries), sizeBytes));
    }

    /** The segment of that URI, or null. */
    public MaskSegment segment(String uri) {
        return segments.getIfPresent(uri);
    }

    public void putSegment(String uri, MaskSegment segment) {
        segments.put(uri, segment);
    }

    private static int heapBytes(MaskSegment segment) {
        return (int) Math.min(Integer.MAX_VALUE, 64 + 64L * segment.masks().size() + 4 * segment.positionCount());
    }
}
