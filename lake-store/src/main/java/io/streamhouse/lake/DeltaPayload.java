package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.FoundPositionsCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;

/**
 * What travels in a delta beside its files, read.
 *
 * @param delta the delta
 * @param rows rows of its files; keys are numbered rows first, then deletes
 * @param deletes keys to delete
 * @param found what each key replaces, as seen from the base; in a row delta of a table without key what each row
 *     replaces, then what goes
 */
record DeltaPayload(TableDelta delta, int rows, DeleteBlock deletes, FoundPositions found) {
    static DeltaPayload read(ObjectStore store, TableDelta delta) throws IOException {
        DeleteBlock deletes =
                DeleteBlockCodec.read(ColumnFiles.readBlock(store, delta.deletes()), name(delta.deletes()));
        int rows = 0;
        for (DataFile f : delta.files()) {
            rows += f.rowCount();
        }
        byte[] bytes = ColumnFiles.readBlock(store, delta.found());
        String name = name(delta.found());
        // rows of a table without key go without anything to name them by but their positions
        FoundPositions found = delta.keyless()
                ? FoundPositionsCodec.readWithRemovals(bytes, rows, name)
                : FoundPositionsCodec.read(bytes, rows + deletes.keys().size(), name);
        return new DeltaPayload(delta, rows, deletes, found);
    }

    private static String name(BlockRef ref) {
        return ref instanceof BlockRef.Stored s ? s.path() : "inline block of a delta";
    }
}
