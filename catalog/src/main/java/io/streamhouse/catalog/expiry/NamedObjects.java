package io.streamhouse.catalog.expiry;

import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the objects that snapshots name, dead entries of their manifests included. A manifest is read once, however many
 * snapshots name it. One thread.
 */
public final class NamedObjects {
    private final Manifests manifests;
    private final Set<String> named = new HashSet<>();

    public NamedObjects(Manifests manifests) {
        this.manifests = manifests;
    }

    /** Adds everything that a snapshot names; its manifests are read before anything is added. */
    public void add(Snapshot snapshot) throws IOException {
        Set<String> files = new HashSet<>();
        addPaths(snapshot.tree().tail().entries(), files);
        for (ManifestRef ref : snapshot.tree().manifests()) {
            if (!named.contains(ref.path())) {
                addPaths(manifests.read(ref), files);
            }
        }
        named.addAll(files);
        addObjects(snapshot);
    }

    /** Adds what the record of a snapshot names by itself, without a look into its manifests. */
    public void addObjects(Snapshot snapshot) {
        named.addAll(DeadObjects.paths(snapshot.tree().manifests()));
        named.addAll(DeadObjects.segments(snapshot.tree()));
        named.addAll(DeadObjects.changes(snapshot));
    }

    private static void addPaths(List<FileEntry> entries, Set<String> out) {
        entries.forEach(entry -> out.add(entry.file().object().path()));
    }

    public boolean contains(String path) {
        return named.contains(path);
    }
}
