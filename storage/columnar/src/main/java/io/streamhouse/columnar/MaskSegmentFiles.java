package io.streamhouse.columnar;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Mask segments as blocks: inline while small, an object of their own otherwise. Pure but for the store. */
public final class MaskSegmentFiles {
    /** Largest encoded segment that stands in the snapshot itself. */
    public static final int INLINE_BYTES = 8 << 10;

    private static final Comparator<UUID> BY_BYTES = (a, b) -> {
        int c = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return c != 0 ? c : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };

    private MaskSegmentFiles() {}

    /** Stores a segment; an object is named {@code mask/<id>}. */
    public static BlockRef write(ObjectStore store, MaskSegment segment, UUID id) throws IOException {
        byte[] bytes = MaskSegmentCodec.write(segment);
        if (bytes.length <= INLINE_BYTES) {
            return new BlockRef.Inline(bytes);
        }
        String path = "mask/" + id;
        store.put(path, bytes);
        return new BlockRef.Stored(path, 0, bytes.length, Checksums.crc32c(bytes));
    }

    /** Reads a segment and holds it against its reference. */
    public static MaskSegment read(ObjectStore store, SegmentRef ref) throws IOException {
        String object = ref.block() instanceof BlockRef.Stored s
                ? s.path()
                : "inline mask segment of snapshots " + ref.fromSnapshot() + " to " + ref.toSnapshot();
        MaskSegment segment = MaskSegmentCodec.read(ColumnFiles.readBlock(store, ref.block()), object);
        if (segment.fromSnapshot() != ref.fromSnapshot()
                || segment.toSnapshot() != ref.toSnapshot()
                || segment.masks().size() != ref.files()
                || segment.positionCount() != ref.positions()) {
            throw StreamhouseException.corrupt(
                    object,
                    "mask segment of snapshots %d to %d with %d positions, expected %s"
                            .formatted(segment.fromSnapshot(), segment.toSnapshot(), segment.positionCount(), ref));
        }
        return segment;
    }

    /** The union of segments whose ranges follow each other, ascending. */
    public static MaskSegment merge(List<MaskSegment> segments) {
        Map<UUID, List<int[]>> byFile = new HashMap<>();
        for (MaskSegment s : segments) {
            for (FileMask m : s.masks()) {
                byFile.computeIfAbsent(m.file(), f -> new ArrayList<>()).add(m.positions());
            }
        }
        List<UUID> files = new ArrayList<>(byFile.keySet());
        files.sort(BY_BYTES);
        List<FileMask> masks = new ArrayList<>();
        for (UUID file : files) {
            masks.add(new FileMask(file, union(byFile.get(file))));
        }
        return new MaskSegment(
                segments.get(0).fromSnapshot(),
                segments.get(segments.size() - 1).toSnapshot(),
                masks);
    }

    /** The union of lists of positions, each ascending and distinct; a new array unless there is only one list. */
    public static int[] union(List<int[]> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int length = 0;
        for (int[] p : parts) {
            length += p.length;
        }
        int[] all = new int[length];
        int at = 0;
        for (int[] p : parts) {
            System.arraycopy(p, 0, all, at, p.length);
            at += p.length;
        }
        Arrays.sort(all);
        int n = 0;
        for (int i = 0; i < all.length; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[n++] = all[i];
            }
        }
        return Arrays.copyOf(all, n);
    }
}
