package io.streamhouse.catalog.tree;

import io.streamhouse.columnar.MaskSegmentFiles;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.MaskSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The masks of some segments, file by file ascending: a merge of lists that are sorted by file already, so that no more
 * than one file's union stands beside the segments. One thread.
 */
public final class MaskFold {
    private final List<MaskSegment> segments;
    private final int[] at;
    private final List<int[]> parts = new ArrayList<>();
    private UUID file;

    public MaskFold(List<MaskSegment> segments) {
        this.segments = segments;
        this.at = new int[segments.size()];
    }

    /** Moves to the next file; false behind the last. */
    public boolean next() {
        parts.clear();
        file = null;
        for (int s = 0; s < at.length; s++) {
            if (!isAtEnd(s) && (file == null || MaskSegmentCodec.compare(mask(s).file(), file) < 0)) {
                file = mask(s).file();
            }
        }
        for (int s = 0; file != null && s < at.length; s++) {
            if (!isAtEnd(s) && mask(s).file().equals(file)) {
                parts.add(mask(s).positions());
                at[s]++;
            }
        }
        return file != null;
    }

    /** The file that this stands at. */
    public UUID file() {
        return file;
    }

    /** All masked positions of the file, ascending and distinct; not to be written. */
    public int[] positions() {
        return MaskSegmentFiles.union(parts);
    }

    private boolean isAtEnd(int segment) {
        return at[segment] == segments.get(segment).masks().size();
    }

    private FileMask mask(int segment) {
        return segments.get(segment).masks().get(at[segment]);
    }
}
