package io.streamhouse.catalog.tree;

import io.streamhouse.columnar.MaskSegmentFiles;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** Mask segments and delete blocks, inline or in {@code mask/<uuid>}. Thread-safe. */
public final class MaskObjects {
    /** Largest block that stands in the snapshot. */
    public static final int MAX_INLINE_BYTES = MaskSegmentFiles.INLINE_BYTES;

    private final Components components;
    private final MetadataCache cache;

    public MaskObjects(Components components, MetadataCache cache) {
        this.components = components;
        this.cache = cache;
    }

    /** Name of a new object. */
    public String newPath() {
        return "mask/" + components.ids().next();
    }

    public void put(String path, byte[] bytes) throws IOException {
        components.store().put(path, bytes);
    }

    /** Writes a new object of one block. */
    public BlockRef.Stored write(byte[] bytes) throws IOException {
        String path = newPath();
        put(path, bytes);
        return new BlockRef.Stored(path, 0, bytes.length, Checksums.crc32c(bytes));
    }

    /** Reads a segment; range, checksum and counts are checked against its reference. */
    public MaskSegment read(SegmentRef ref) throws IOException {
        if (!(ref.block() instanceof BlockRef.Stored stored)) {
            return MaskSegmentFiles.read(components.store(), ref);
        }
        String key = components.store().uri() + "/" + stored.path() + "@" + stored.offset();
        MaskSegment segment = cache.segment(key);
        if (segment == null) {
            segment = MaskSegmentFiles.read(components.store(), ref);
            cache.putSegment(key, segment);
        }
        return segment;
    }

    /** Masks in the order that segments have. */
    public static List<FileMask> sorted(List<FileMask> masks) {
        List<FileMask> out = new ArrayList<>(masks);
        out.sort((a, b) -> MaskSegmentCodec.compare(a.file(), b.file()));
        return out;
    }

    /** One segment of neighbours, oldest first: per file the union of positions, for files that are still of interest. */
    public static MaskSegment merge(List<MaskSegment> neighbours, Predicate<UUID> isLive) {
        MaskSegment merged = MaskSegmentFiles.merge(neighbours);
        List<FileMask> live =
                merged.masks().stream().filter(m -> isLive.test(m.file())).toList();
        return new MaskSegment(merged.fromSnapshot(), merged.toSnapshot(), live);
    }

    /** The reference of a segment whose bytes stand in a block. */
    public static SegmentRef ref(MaskSegment segment, BlockRef block) {
        return new SegmentRef(
                segment.fromSnapshot(), segment.toSnapshot(), segment.masks().size(), segment.positionCount(), block);
    }
}
