package io.streamhouse.bundle;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rows of a table of the default database, read in this JVM: the cluster has no part in it. */
final class TableRows {
    private TableRows() {}

    /** All rows of the newest snapshot as sorted text; none before the first commit. */
    static List<String> of(Path warehouse, String name) throws IOException {
        List<String> out = new ArrayList<>();
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            Table table = catalog.table(TableName.of("default", name));
            if (table.snapshots().latest().isEmpty()) {
                return out;
            }
            try (BatchScan scan = TableScan.of(table).open()) {
                for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        out.add(RowReader.row(batch, scan.columns(), batch.position(i))
                                .toString());
                    }
                }
            }
        }
        out.sort(null);
        return out;
    }

    /** How often each row is there too often (positive) or too seldom (negative). */
    static SortedMap<String, Integer> differences(List<String> expected, List<String> actual) {
        SortedMap<String, Integer> out = new TreeMap<>();
        actual.forEach(row -> out.merge(row, 1, Integer::sum));
        expected.forEach(row -> out.merge(row, -1, Integer::sum));
        out.values().removeIf(count -> count == 0);
        return out;
    }
}
