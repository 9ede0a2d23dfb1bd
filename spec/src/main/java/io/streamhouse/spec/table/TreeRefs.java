package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;

/**
 * References to everything that a snapshot's table consists of.
 *
 * @param manifests any order
 * @param segments ascending by snapshot range, without gaps where commits masked something
 * @param tail entries in no manifest
 * @param lastRemovalIn newest snapshot that removed or renewed an entry (COMPACT, OVERWRITE, ROLLBACK), 0 for none;
 *     whoever knows an older state must load the tree anew
 */
public record TreeRefs(List<ManifestRef> manifests, List<SegmentRef> segments, Tail tail, long lastRemovalIn) {
    public static final TreeRefs EMPTY = new TreeRefs(List.of(), List.of(), Tail.EMPTY, 0);

    public TreeRefs {
        manifests = List.copyOf(manifests);
        segments = List.copyOf(segments);
        Objects.requireNonNull(tail, "tail");
    }
}
