package io.streamhouse.catalog.tree;

import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.spec.table.Tail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads a snapshot's files and masks out of its manifests, segments and tail. Thread-safe. */
public final class TreeReader {
    private final Manifests manifests;
    private final MaskObjects masks;

    public TreeReader(Manifests manifests, MaskObjects masks) {
        this.manifests = manifests;
        this.masks = masks;
    }

    /** The part of the tree with {@code addedIn > since} and masks beyond {@code since}; 0 is everything. */
    public TableTree read(Snapshot snapshot, long since) throws IOException {
        List<MaskSegment> segments = new ArrayList<>();
        for (SegmentRef ref : snapshot.tree().segments()) {
            if (ref.toSnapshot() > since) {
                segments.add(masks.read(ref));
            }
        }
        return new TableTree(snapshot.id(), since, entries(snapshot, since), segments);
    }

    /** The masks that the snapshot's own commit made; they are never merged with older ones. */
    public Optional<MaskSegment> ownMasks(Snapshot snapshot) throws IOException {
        for (SegmentRef ref : snapshot.tree().segments()) {
            if (ref.toSnapshot() == snapshot.id() && ref.fromSnapshot() == snapshot.id()) {
                return Optional.of(masks.read(ref));
            }
        }
        return Optional.empty();
    }

    /** Live entries with {@code addedIn > since}, in the order they came. */
    public List<FileEntry> entries(Snapshot snapshot, long since) throws IOException {
        Tail tail = snapshot.tree().tail();
        List<FileEntry> out = new ArrayList<>();
        Set<UUID> notInManifests = new HashSet<>(tail.removed());
        for (FileEntry entry : tail.entries()) {
            notInManifests.add(entry.file().object().id());
            if (entry.addedIn() > since) {
                out.add(entry);
            }
        }
        for (ManifestRef ref : snapshot.tree().manifests()) {
            if (ref.range().maxAddedIn() > since) {
                for (FileEntry entry : manifests.read(ref)) {
                    if (entry.addedIn() > since
                            && !notInManifests.contains(entry.file().object().id())) {
                        out.add(entry);
                    }
                }
            }
        }
        out.sort(Manifests.ORDER);
        return out;
    }

    /** Ids of all live files. */
    public Set<UUID> liveFiles(Snapshot snapshot) throws IOException {
        Set<UUID> live = new HashSet<>();
        for (FileEntry entry : entries(snapshot, 0)) {
            live.add(entry.file().object().id());
        }
        return live;
    }
}
