package io.streamhouse.catalog.tree;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.Ranges;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** The objects {@code manifest/<uuid>.parquet}. Thread-safe. */
public final class Manifests {
    /** Order of entries everywhere: as they came into the tree. */
    static final Comparator<FileEntry> ORDER = Comparator.comparingLong(FileEntry::addedIn)
            .thenComparingLong(FileEntry::firstRowId)
            .thenComparing(e -> e.file().object().path());

    private final Components components;
    private final MetadataCache cache;

    public Manifests(Components components, MetadataCache cache) {
        this.components = components;
        this.cache = cache;
    }

    /** Writes a new manifest of at least one entry. */
    public ManifestRef write(List<FileEntry> entries) throws IOException {
        String path = "manifest/" + components.ids().next() + ".parquet";
        byte[] bytes = ManifestFile.write(entries);
        components.store().put(path, bytes);
        cache.putManifest(key(path), entries, bytes.length);
        return new ManifestRef(path, bytes.length, Checksums.crc32c(bytes), entries.size(), range(entries));
    }

    /** Entries of a manifest; length, checksum and count are checked against the reference. */
    public List<FileEntry> read(ManifestRef ref) throws IOException {
        List<FileEntry> cached = cache.manifest(key(ref.path()));
        if (cached != null) {
            return cached;
        }
        long size = components.store().size(ref.path());
        if (size < 0) {
            throw new StreamhouseException(
                    ErrorCode.MISSING_FILE, "manifest does not exist (object=%s)".formatted(ref.path()));
        }
        if (size != ref.sizeBytes() || ref.sizeBytes() > Ranges.MAX_ARRAY_LENGTH) {
            throw StreamhouseException.corrupt(
                    ref.path(), "manifest of %d bytes, its reference says %d".formatted(size, ref.sizeBytes()));
        }
        CheckedRange whole = new CheckedRange(0, (int) ref.sizeBytes(), ref.crc());
        byte[] bytes = components.store().readChecked(ref.path(), whole);
        List<FileEntry> entries = ManifestFile.read(bytes, ref.path());
        if (entries.size() != ref.entries()) {
            throw StreamhouseException.corrupt(
                    ref.path(), "%d manifest entries, expected %d".formatted(entries.size(), ref.entries()));
        }
        cache.putManifest(key(ref.path()), entries, bytes.length);
        return entries;
    }

    private String key(String path) {
        return components.store().uri() + "/" + path;
    }

    private static ManifestRef.Range range(List<FileEntry> entries) {
        Partition minPartition = null;
        Partition maxPartition = null;
        int minBucket = Integer.MAX_VALUE;
        int maxBucket = 0;
        long minAddedIn = Long.MAX_VALUE;
        long maxAddedIn = 0;
        for (FileEntry entry : entries) {
            minAddedIn = Math.min(minAddedIn, entry.addedIn());
            maxAddedIn = Math.max(maxAddedIn, entry.addedIn());
            for (Slice slice : entry.file().slices()) {
                Partition p = slice.partition();
                minPartition = minPartition == null || p.compareTo(minPartition) < 0 ? p : minPartition;
                maxPartition = maxPartition == null || p.compareTo(maxPartition) > 0 ? p : maxPartition;
                minBucket = Math.min(minBucket, slice.bucket());
                maxBucket = Math.max(maxBucket, slice.bucket());
            }
        }
        return new ManifestRef.Range(
                minPartition == null ? Partition.NONE : minPartition,
                maxPartition == null ? Partition.NONE : maxPartition,
                Math.min(minBucket, maxBucket),
                maxBucket,
                minAddedIn,
                maxAddedIn);
    }
}
