package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The statistics that a writer of the same rows keeps, without a file: for who checks recorded ones. One thread. */
public final class StatsOfValues {
    private final RowPages pages;

    /**
     * @param path named in errors
     * @param columns all columns of the rows
     * @param fieldIds field ids of the columns that get statistics
     */
    public StatsOfValues(String path, List<Field> columns, Set<Integer> fieldIds) {
        this.pages =
                new RowPages(path, columns.stream().map(ParquetColumn::of).toList(), fieldIds, (values, ranges) -> {});
    }

    /** Adds rows; {@code SCHEMA_MISMATCH} for a value that the column's type does not allow. */
    public void add(ColumnBatch batch) throws IOException {
        pages.write(batch);
    }

    /** Statistics of all rows, ascending by field id. */
    public List<ColumnStats> stats() throws IOException {
        pages.cut();
        return pages.stats();
    }
}
