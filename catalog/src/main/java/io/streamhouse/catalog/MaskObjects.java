package io.streamhouse.catalog;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** Mask segments and delete blocks, inline or in {@code mask/<uuid>}. Thread-safe. */
final class MaskObjects {
    /** Largest block that stands in the snapshot. */
    static final int MAX_INLINE_BYTES = 8 << 10;

    private final Components components;
    private final MetadataCache cache;

    MaskObjects(Components components, MetadataCache cache) {
        this.components = components;
        this.cache = cache;
    }

    /** Name of a new object. */
    String newPath() {
        return "mask/" + components.ids().next();
    }

    void put(String path, byte[] bytes) throws IOException {
        components.store().put(path, bytes);
    }

    /** Writes a new object of one block. */
    BlockRef.Stored write(byte[] bytes) throws IOException {
        String path = newPath();
        put(path, bytes);
        return new BlockRef.Stored(path, 0, bytes.length, Checksums.crc32c(bytes));
    }

    /** Reads a segment and checks range, checksum and counts against its reference. */
    MaskSegment read(SegmentRef ref, String snapshotPath) throws IOException {
        if (ref.block() instanceof BlockRef.Stored stored) {
            String key = components.store().uri() + "/" + stored.path() + "@" + stored.offset();
            MaskSegment cached = cache.segment(key);
            if (cached == null) {
                byte[] bytes = components.store().read(stored.path(), stored.offset(), stored.length());
                int crc = Checksums.crc32c(bytes);
                if (crc != stored.crc()) {
                    throw StreamhouseException.corrupt(
                            stored.path(),
                            "checksum %s of mask segment at %d, expected %s"
                                    .formatted(Checksums.hex(crc), stored.offset(), Checksums.hex(stored.crc())));
                }
                cached = checked(ref, bytes, stored.path());
                cache.putSegment(key, cached);
            }
            return cached;
        }
        return checked(ref, ((BlockRef.Inline) ref.block()).bytes(), snapshotPath);
    }

    private static MaskSegment checked(SegmentRef ref, byte[] bytes, String object) {
        MaskSegment segment = MaskSegmentCodec.read(bytes, object);
        if (segment.fromSnapshot() != ref.fromSnapshot() || segment.toSnapshot() != ref.toSnapshot()) {
            throw MaskSegmentCodec.mismatch(object, segment, ref.fromSnapshot(), ref.toSnapshot());
        }
        if (segment.masks().size() != ref.files() || segment.positionCount() != ref.positions()) {
            throw StreamhouseException.corrupt(
                    object,
                    "mask segment has %d positions in %d files, its reference %d in %d"
                            .formatted(segment.positionCount(), segment.masks().size(), ref.positions(), ref.files()));
        }
        return segment;
    }

    /** Masks in the order that segments have. */
    static List<FileMask> sorted(List<FileMask> masks) {
        List<FileMask> out = new ArrayList<>(masks);
        out.sort((a, b) -> MaskSegmentCodec.compare(a.file(), b.file()));
        return out;
    }

    /** One segment of neighbours, oldest first: per file the union of positions, for files that are still of interest. */
    static MaskSegment merge(List<MaskSegment> neighbours, Predicate<UUID> isLive) {
        TreeMap<UUID, int[]> merged = new TreeMap<>(MaskSegmentCodec::compare);
        for (MaskSegment segment : neighbours) {
            for (FileMask mask : segment.masks()) {
                if (isLive.test(mask.file())) {
                    merged.merge(mask.file(), mask.positions(), MaskObjects::union);
                }
            }
        }
        List<FileMask> masks = new ArrayList<>(merged.size());
        merged.forEach((file, positions) -> masks.add(new FileMask(file, positions)));
        return new MaskSegment(
                neighbours.get(0).fromSnapshot(),
                neighbours.get(neighbours.size() - 1).toSnapshot(),
                masks);
    }

    private static int[] union(int[] a, int[] b) {
        int[] out = new int[a.length + b.length];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            int x = a[i];
            int y = b[j];
            out[n++] = Math.min(x, y);
            i += x <= y ? 1 : 0;
            j += y <= x ? 1 : 0;
        }
        while (i < a.length) {
            out[n++] = a[i++];
        }
        while (j < b.length) {
            out[n++] = b[j++];
        }
        return n == out.length ? out : Arrays.copyOf(out, n);
    }

    /** The reference of a segment whose bytes stand in a block. */
    static SegmentRef ref(MaskSegment segment, BlockRef block) {
        return new SegmentRef(
                segment.fromSnapshot(), segment.toSnapshot(), segment.masks().size(), segment.positionCount(), block);
    }
}
