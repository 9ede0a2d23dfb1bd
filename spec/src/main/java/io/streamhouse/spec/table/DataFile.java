package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;

/**
 * One immutable columnar file with its slices; rows ascend by (partition, bucket, key).
 *
 * @param object where it stands
 * @param origin what it is
 * @param rowCount rows
 * @param slices ascending by first row, without gaps from 0 to {@code rowCount}
 * @param rowGroups in file order
 * @param stats per column, ascending by field id
 */
public record DataFile(
        FileObject object,
        Origin origin,
        int rowCount,
        List<Slice> slices,
        List<RowGroup> rowGroups,
        List<ColumnStats> stats) {
    public DataFile {
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(origin, "origin");
        slices = List.copyOf(slices);
        rowGroups = List.copyOf(rowGroups);
        stats = List.copyOf(stats);
        int row = 0;
        for (Slice s : slices) {
            if (s.firstRow() != row) {
                throw new IllegalArgumentException(
                        "slice of %s begins at row %d, expected %d".formatted(object.path(), s.firstRow(), row));
            }
            row = s.endRow();
        }
        if (row != rowCount) {
            throw new IllegalArgumentException(
                    "slices of %s hold %d rows, the file %d".formatted(object.path(), row, rowCount));
        }
    }

    /**
     * What a file is.
     *
     * @param level LSM level; slices of a bucket may overlap in level 0 only
     * @param content what the rows mean
     * @param source who made it
     * @param schemaId schema its columns were written with
     */
    public record Origin(int level, ContentType content, FileSource source, int schemaId) {}
}
