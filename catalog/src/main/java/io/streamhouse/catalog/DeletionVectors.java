package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.MaskFold;
import io.streamhouse.columnar.puffin.DeletionVector;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.columnar.puffin.VectorFileWriter;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Folds the masks of a table's snapshots into deletion vectors, the form in which other engines read them: the rows of a
 * data file without the positions of its vector are the rows that the snapshot shows. Positions count the rows of the
 * whole file from 0, whatever its slices. Thread-safe.
 *
 * <p>The files that come of it are the caller's: no snapshot refers to them, and expiry does not delete them.
 *
 * <p>Errors: {@code SNAPSHOT_EXPIRED} if the snapshot went while it was read, {@code MISSING_FILE} and
 * {@code CORRUPT_FILE} naming the object.
 *
 * @see "spec/lake.md, section Deletion vectors"
 */
public final class DeletionVectors {
    private static final String CREATED_BY = "streamhouse";

    private final Table table;

    private DeletionVectors(Table table) {
        this.table = table;
    }

    /** The vectors of one table. */
    public static DeletionVectors of(Table table) {
        return new DeletionVectors(table);
    }

    /** Writes the vectors of a snapshot to a new object {@code dv/<uuid>.puffin} of the table. */
    public Optional<VectorFile> write(Snapshot snapshot) throws IOException {
        String path = "dv/" + table.components().ids().next() + ".puffin";
        return write(snapshot, table.components().store(), path);
    }

    /**
     * Writes one Puffin file: a vector for every live data file that has masked rows, ascending by file id. A vector
     * names its data file as {@link #location} does. Beside the snapshot's tree, one vector is in memory at a time.
     *
     * @param snapshot one of this table's
     * @param target store of the new object
     * @param path path of the new object in {@code target}; an older object there is replaced
     * @return the file with offset, length and cardinality of each vector; empty, and nothing is written, if the
     *     snapshot masks no row
     */
    public Optional<VectorFile> write(Snapshot snapshot, ObjectStore target, String path) throws IOException {
        TableTree tree = tree(snapshot);
        Map<UUID, DataFile> live = new HashMap<>();
        for (FileEntry entry : tree.entries()) {
            live.put(entry.file().object().id(), entry.file());
        }
        MaskFold fold = new MaskFold(tree.segments());
        if (!nextLive(fold, live)) {
            return Optional.empty();
        }
        try (VectorFileWriter out = VectorFileWriter.create(target, path)) {
            do {
                out.add(vector(live.get(fold.file()), fold.positions()));
            } while (nextLive(fold, live));
            return Optional.of(out.commit(CREATED_BY));
        }
    }

    /** How vectors name a data file: the table's URI and the file's path. */
    public String location(DataFile file) {
        return table.uri() + "/" + file.object().path();
    }

    /** Moves to the next mask of a file that is in the tree; segments may name files that have left it. */
    private static boolean nextLive(MaskFold fold, Map<UUID, DataFile> live) {
        while (fold.next()) {
            if (live.containsKey(fold.file())) {
                return true;
            }
        }
        return false;
    }

    private DeletionVector vector(DataFile file, int[] positions) {
        int last = positions[positions.length - 1];
        if (last >= file.rowCount()) {
            throw StreamhouseException.corrupt(
                    file.object().path(), "row %d is masked in a file of %d rows".formatted(last, file.rowCount()));
        }
        return new DeletionVector(location(file), positions);
    }

    private TableTree tree(Snapshot snapshot) throws IOException {
        SnapshotChain chain = table.snapshots();
        try {
            return chain.tree(snapshot);
        } catch (StreamhouseException e) {
            OptionalLong earliest = e.code() == ErrorCode.MISSING_FILE ? chain.earliestId() : OptionalLong.empty();
            if (earliest.isEmpty() || earliest.getAsLong() <= snapshot.id()) {
                throw e;
            }
            StreamhouseException expired = chain.expired(snapshot.id(), earliest.getAsLong() - 1);
            expired.addSuppressed(e);
            throw expired;
        }
    }
}
