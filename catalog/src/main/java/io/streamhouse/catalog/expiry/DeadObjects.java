package io.streamhouse.catalog.expiry;

import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.catalog.tree.TreeReader;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.TreeRefs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Collects the objects that only expired snapshots name: what leaves the tree from one snapshot to the next, without
 * reading the tree itself. One sweep, one thread.
 *
 * <p>What has left the tree never comes back but by a ROLLBACK. So everything is found in the differences of neighbours,
 * and only trees that a ROLLBACK has brought back have to be read in whole ({@link #keepTree}).
 *
 * <p>The deletes of an earlier sweep that died halfway may have reached the manifests. They go after everything that they
 * name: where one of an expired snapshot is missing, what left the tree there has been deleted.
 */
public final class DeadObjects {
    private final Manifests manifests;
    private final TreeReader trees;
    private final Snapshot retained;
    private final Set<String> neededManifests;
    private final Set<String> named = new TreeSet<>();
    private final Set<String> namedManifests = new TreeSet<>();
    private final Set<String> kept = new HashSet<>();
    private boolean rolledBack;

    /**
     * Begins a collection.
     *
     * @param retained the oldest snapshot that stays
     */
    public DeadObjects(Manifests manifests, TreeReader trees, Snapshot retained) {
        this.manifests = manifests;
        this.trees = trees;
        this.retained = retained;
        this.neededManifests = paths(retained.tree().manifests());
        this.rolledBack = retained.kind() == SnapshotKind.ROLLBACK;
        kept.addAll(neededManifests);
        kept.addAll(segments(retained.tree()));
        kept.addAll(changes(retained));
    }

    /** Adds what goes with an expired snapshot, given its child, whether it stays or goes. */
    public void add(Snapshot expired, Snapshot child) throws IOException {
        rolledBack |= expired.kind() == SnapshotKind.ROLLBACK;
        namedManifests.addAll(paths(expired.tree().manifests()));
        named.addAll(segments(expired.tree()));
        addChange(expired);
        if (child.tree().lastRemovalIn() == child.id()) {
            addFilesThatLeft(expired.tree(), child.tree());
        }
    }

    /** Keeps everything that a snapshot names, although it is not the oldest that stays: a ROLLBACK may have revived it. */
    public void keepTree(Snapshot snapshot) throws IOException {
        kept.addAll(paths(snapshot.tree().manifests()));
        kept.addAll(segments(snapshot.tree()));
        for (FileEntry entry : trees.entries(snapshot, 0)) {
            kept.add(entry.file().object().path());
        }
    }

    /** What may be deleted first: everything but manifests, ascending. Nothing may be added afterwards. */
    public List<String> objects() throws IOException {
        if (rolledBack && !named.isEmpty()) {
            keepTree(retained);
        }
        return without(named);
    }

    /** What may be deleted after {@link #objects}. */
    public List<String> manifests() {
        return without(namedManifests);
    }

    private List<String> without(Set<String> paths) {
        return paths.stream().filter(p -> !kept.contains(p)).toList();
    }

    static Set<String> paths(List<ManifestRef> refs) {
        Set<String> out = new HashSet<>();
        refs.forEach(r -> out.add(r.path()));
        return out;
    }

    static Set<String> segments(TreeRefs tree) {
        Set<String> out = new HashSet<>();
        for (SegmentRef segment : tree.segments()) {
            addPath(segment.block(), out);
        }
        return out;
    }

    static Set<String> changes(Snapshot snapshot) {
        Set<String> out = new HashSet<>();
        snapshot.change().deletes().forEach(block -> addPath(block, out));
        snapshot.change().positionMap().ifPresent(block -> addPath(block, out));
        return out;
    }

    private static void addPath(BlockRef block, Set<String> out) {
        if (block instanceof BlockRef.Stored stored) {
            out.add(stored.path());
        }
    }

    /** Blocks of the commit itself; one in front of the footer of a data file with rows lives as long as the rows. */
    private void addChange(Snapshot expired) throws IOException {
        Set<String> blocks = changes(expired);
        blocks.removeAll(kept);
        if (blocks.isEmpty()) {
            return;
        }
        List<FileEntry> own = new ArrayList<>(expired.tree().tail().entries());
        for (ManifestRef ref : expired.tree().manifests()) {
            if (ref.range().maxAddedIn() >= expired.id()) {
                Optional<List<FileEntry>> entries = read(ref);
                if (entries.isEmpty()) {
                    return;
                }
                own.addAll(entries.get());
            }
        }
        own.forEach(entry -> blocks.remove(entry.file().object().path()));
        named.addAll(blocks);
    }

    private void addFilesThatLeft(TreeRefs before, TreeRefs after) throws IOException {
        Set<String> manifestsBefore = paths(before.manifests());
        Set<String> manifestsAfter = paths(after.manifests());
        Set<UUID> deadBefore = new HashSet<>(before.tail().removed());
        Set<UUID> deadAfter = new HashSet<>(after.tail().removed());
        Map<UUID, String> was = new HashMap<>();
        Set<UUID> is = new HashSet<>();
        before.tail().entries().forEach(e -> was.put(id(e), path(e)));
        after.tail().entries().forEach(e -> is.add(id(e)));
        for (ManifestRef ref : before.manifests()) {
            if (!manifestsAfter.contains(ref.path())) {
                Optional<List<FileEntry>> entries = read(ref);
                if (entries.isEmpty()) {
                    return;
                }
                entries.get().stream()
                        .filter(e -> !deadBefore.contains(id(e)))
                        .forEach(e -> was.putIfAbsent(id(e), path(e)));
            }
        }
        for (ManifestRef ref : after.manifests()) {
            if (!manifestsBefore.contains(ref.path())) {
                Optional<List<FileEntry>> entries = read(ref);
                if (entries.isEmpty()) {
                    return;
                }
                entries.get().stream()
                        .map(DeadObjects::id)
                        .filter(f -> !deadAfter.contains(f))
                        .forEach(is::add);
            }
        }
        // Of manifests that both have, only what has died in between: named in the tail, found in one of them.
        Set<UUID> died = new HashSet<>(deadAfter);
        died.removeAll(deadBefore);
        died.removeAll(is);
        died.removeAll(was.keySet());
        for (ManifestRef ref : after.manifests()) {
            if (!died.isEmpty() && manifestsBefore.contains(ref.path())) {
                Optional<List<FileEntry>> entries = read(ref);
                if (entries.isEmpty()) {
                    return;
                }
                for (FileEntry entry : entries.get()) {
                    if (died.remove(id(entry))) {
                        was.put(id(entry), path(entry));
                    }
                }
            }
        }
        was.forEach((file, path) -> {
            if (!is.contains(file)) {
                named.add(path);
            }
        });
    }

    private static UUID id(FileEntry entry) {
        return entry.file().object().id();
    }

    private static String path(FileEntry entry) {
        return entry.file().object().path();
    }

    /** Empty if an earlier sweep has deleted the manifest. */
    private Optional<List<FileEntry>> read(ManifestRef ref) throws IOException {
        try {
            return Optional.of(manifests.read(ref));
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.MISSING_FILE || neededManifests.contains(ref.path())) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
