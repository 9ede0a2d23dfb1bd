package io.streamhouse.read.rows;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
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
        List<Field> written = writtenFields(file);
        List<Integer> projection = new ArrayList<>();
        int[] sources = new int[wanted.size()];
        for (int i = 0; i < sources.length; i++) {
            int at = indexOfId(written, wanted.get(i).id());
            sources[i] = at < 0 ? -1 : projection.size();
            if (at >= 0) {
                FileColumns.checkReadable(
                        written.get(at), wanted.get(i), file.object().path());
                projection.add(at);
            }
        }
        if (projection.isEmpty()) {
            return new FileColumns(null, wanted, sources, from, to);
        }
        counts.rowGroupsRead += rowGroups(file, from, to);
        ColumnFileReader reader = ColumnFiles.reader(
                store, file, written, projection.stream().mapToInt(p -> p).toArray(), from, to);
        return new FileColumns(reader, wanted, sources, from, to);
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

    private static int indexOfId(List<Field> fields, int id) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).id() == id) {
                return i;
            }
        }
        return -1;
    }

    static StreamhouseException changedType(Field written, Field wanted, String path) {
        return new StreamhouseException(
                ErrorCode.SCHEMA_MISMATCH,
                "column '%s' was written as %s in %s and cannot be read as %s"
                        .formatted(wanted.name(), written.type(), path, wanted.type()));
    }
}
