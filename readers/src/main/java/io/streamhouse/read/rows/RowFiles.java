package io.streamhouse.read.rows;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.List;

/** Opens files of any schema of a table for columns of the reader's own schema. One thread. */
public final class RowFiles {
    private final ObjectStore store;
    private final Schemas schemas;
    private final ReadCounts counts;

    /** Finds the schema that a file was written with. */
    @FunctionalInterface
    public interface Schemas {
        TableSchema schema(int id) throws IOException;
    }

    /**
     * @param store store at the table root
     * @param schemas schema by id
     * @param counts where costs are added up
     */
    public RowFiles(ObjectStore store, Schemas schemas, ReadCounts counts) {
        this.store = store;
        this.schemas = schemas;
        this.counts = counts;
    }

    public ReadCounts counts() {
        return counts;
    }

    /** Fields that the file was written with. */
    List<Field> writtenFields(DataFile file) throws IOException {
        return schemas.schema(file.origin().schemaId()).fields();
    }

    /**
     * Columns of {@code [from, to)}; wanted ones that the file does not have are null in every row.
     *
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} if a column changed to a type that holds other values
     */
    FileColumns open(DataFile file, List<Field> wanted, int from, int to) throws IOException {
        FileColumns columns = FileColumns.open(store, file, writtenFields(file), wanted, from, to);
        counts.rowGroupsRead += columns.readsChunks() ? rowGroups(file, from, to) : 0;
        return columns;
    }

    private static int rowGroups(DataFile file, int from, int to) {
        int count = 0;
        int start = 0;
        for (var group : file.rowGroups()) {
            int end = start + group.rowCount();
            count += start < to && end > from ? 1 : 0;
            start = end;
        }
        return count;
    }
}
