package io.streamhouse.catalog.expiry;

import io.streamhouse.catalog.tree.Manifests;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the objects that snapshots name, dead entries of their manifests included. A manifest is read once, however many
 * snapshots name it; one that could not be read is tried again for the next snapshot that names it. One thread.
 */
public final class NamedObjects {
    private final Manifests manifests;
    private final Set<String> named = new HashSet<>();
    /** Paths of the manifests whose entries are among the named. */
    private final Set<String> read = new HashSet<>();

    public NamedObjects(Manifests manifests) {
        this.manifests = manifests;
    }

    /**
     * Adds everything that a snapshot names.
     *
     * @throws StreamhouseException {@code MISSING_FILE} for the first of its manifests that is not there; what the others name
     *     was added. Any other failure to read one ends at once, and nothing of the snapshot was added but what manifests that
     *     were read before name.
     */
    public void add(Snapshot snapshot) throws IOException {
        StreamhouseException missing = null;
        for (ManifestRef ref : snapshot.tree().manifests()) {
            if (read.contains(ref.path())) {
                continue;
            }
            try {
                addPaths(manifests.read(ref));
                read.add(ref.path());
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.MISSING_FILE) {
                    throw e;
                }
                missing = missing == null ? e : missing;
            }
        }
        if (missing != null) {
            throw missing;
        }
        addObjects(snapshot);
    }

    /** Adds what the record of a snapshot names by itself, without a look into its manifests. */
    public void addObjects(Snapshot snapshot) {
        addPaths(snapshot.tree().tail().entries());
        named.addAll(DeadObjects.paths(snapshot.tree().manifests()));
        named.addAll(DeadObjects.segments(snapshot.tree()));
        named.addAll(DeadObjects.changes(snapshot));
    }

    private void addPaths(List<FileEntry> entries) {
        entries.forEach(entry -> named.add(entry.file().object().path()));
    }

    public boolean contains(String path) {
        return named.contains(path);
    }
}
