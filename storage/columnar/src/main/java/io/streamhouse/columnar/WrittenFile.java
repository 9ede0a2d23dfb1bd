package io.streamhouse.columnar;

import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.FileObject;
import io.streamhouse.spec.table.RowGroup;
import java.util.List;

/**
 * What a finished column file is; the caller adds slices and origin.
 *
 * @param object where it stands
 * @param rowCount rows
 * @param rowGroups locators in file order
 * @param stats ascending by field id
 */
public record WrittenFile(FileObject object, int rowCount, List<RowGroup> rowGroups, List<ColumnStats> stats) {
    public WrittenFile {
        rowGroups = List.copyOf(rowGroups);
        stats = List.copyOf(stats);
    }
}
