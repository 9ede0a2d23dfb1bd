package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectInfo;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The data files of the snapshots that can be read: all of them stand, whole, and in the end nothing else does. */
final class StandingFiles {
    private final Table table;

    StandingFiles(Table table) {
        this.table = table;
    }

    /** Every file that a snapshot has added stands with its length and its checksums. */
    void verify(Snapshot snapshot) throws IOException {
        for (FileEntry entry : table.snapshots().tree(snapshot).entries()) {
            if (entry.addedIn() == snapshot.id()) {
                ColumnFiles.verify(table.components().store(), entry.file());
            }
        }
    }

    /** Every file of every snapshot that can be read stands with its length. */
    void requireAll() throws IOException {
        for (Map.Entry<String, Long> file : live().entrySet()) {
            long size = table.components().store().size(file.getKey());
            if (size != file.getValue()) {
                throw new AssertionError(
                        "%s has %d bytes, snapshots say %d".formatted(file.getKey(), size, file.getValue()));
            }
        }
    }

    /** Besides, no other data file stands. Dead entries of manifests keep files, too: such a table is let pass. */
    void requireNothingElse() throws IOException {
        requireAll();
        Map<String, Long> live = live();
        for (long id = earliest(); id <= head(); id++) {
            if (!table.snapshots().snapshot(id).tree().manifests().isEmpty()) {
                return;
            }
        }
        for (ObjectInfo object : table.components().store().list("data")) {
            if (!live.containsKey(object.path())) {
                throw new AssertionError("%s is left, and no snapshot names it".formatted(object.path()));
            }
        }
    }

    private long earliest() throws IOException {
        return table.snapshots().earliestId().orElse(1);
    }

    private long head() throws IOException {
        return table.snapshots().latest().map(Snapshot::id).orElse(0L);
    }

    private Map<String, Long> live() throws IOException {
        Map<String, Long> live = new HashMap<>();
        long head = head();
        for (long id = earliest(); id <= head; id++) {
            Snapshot snapshot = table.snapshots().snapshot(id);
            for (FileEntry entry : table.snapshots().tree(snapshot).entries()) {
                live.put(entry.file().object().path(), entry.file().object().sizeBytes());
            }
        }
        return live;
    }
}
