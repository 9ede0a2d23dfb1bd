package io.streamhouse.read.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.filter.RowFilter;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableLayout;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Files of an older schema, read by one with a renamed, a widened, a dropped and an added column. */
class EvolvedSchemaTest {
    private static final int ROWS = 20_000;
    private static final TableSchema OLD = schema(
            0,
            new Field(1, "id", DataType.bigint(), false),
            new Field(2, "count", DataType.integer(), true),
            new Field(3, "gone", DataType.string(), true));
    private static final TableSchema NEW = schema(
            1,
            new Field(4, "added", DataType.string(), true),
            new Field(2, "total", DataType.bigint(), true),
            new Field(1, "id", DataType.bigint(), false));

    private final ObjectStore store = ObjectStores.memory();
    private final ReadCounts counts = new ReadCounts();
    private final RowFiles files = new RowFiles(store, id -> id == 0 ? OLD : NEW, counts);
    private DataFile file;

    private static TableSchema schema(int id, Field... fields) {
        TableLayout layout = new TableLayout(List.of("id"), List.of(), List.of("id"), 1);
        return new TableSchema(id, 4, List.of(fields), layout, Map.of(), "");
    }

    @BeforeEach
    void writeOldFile() throws IOException {
        UUID id = new UUID(1, 2);
        try (ColumnFileWriter out = ColumnFiles.writer(store, id, "data/old", OLD.fields(), Set.of(1, 2))) {
            RowViews views = RowViews.of(OLD.fields(), List.of());
            for (int from = 0; from < ROWS; from += 5000) {
                List<ColumnBuilder> builders = OLD.fields().stream()
                        .map(f -> ColumnBuilder.of(f.type().physical()))
                        .toList();
                for (int r = from; r < from + 5000; r++) {
                    var view = views.view(Row.of((long) r, r % 4 == 0 ? null : r % 100, "x"));
                    for (int c = 0; c < builders.size(); c++) {
                        builders.get(c).append(view, c);
                    }
                }
                out.write(ColumnBatch.of(
                        builders.stream().map(ColumnBuilder::build).toList()));
            }
            WrittenFile written = out.finish();
            file = new DataFile(
                    written.object(),
                    new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, 0),
                    ROWS,
                    List.of(new Slice(Partition.NONE, 1, 0, 0, ROWS, Slice.KeyRange.NONE)),
                    written.rowGroups(),
                    written.stats());
        }
    }

    private List<Row> read(List<String> columns, Predicate filter) throws IOException {
        ReadRequest request = ReadRequest.of(NEW, columns, Optional.ofNullable(filter));
        RoaringBitmap hidden = RoaringBitmap.bitmapOfRange(100, 9000);
        List<Row> out = new ArrayList<>();
        try (VisibleRows rows = new VisibleRows(files, FileRanges.of(file, 0, ROWS, hidden), request, 0, 0)) {
            for (VisibleBatch b = rows.next(); b != null; b = rows.next()) {
                for (int i = 0; i < b.rows().selectedCount(); i++) {
                    out.add(RowReader.row(b.rows(), request.columns(), b.rows().position(i)));
                }
            }
        }
        return out;
    }

    private static List<Row> model(java.util.function.IntPredicate filter) {
        List<Row> out = new ArrayList<>();
        for (int r = 0; r < ROWS; r++) {
            if ((r < 100 || r >= 9000) && filter.test(r)) {
                out.add(Row.of(null, r % 4 == 0 ? null : (long) (r % 100), (long) r));
            }
        }
        return out;
    }

    @Test
    void columnsAreFoundByIdAndMissingOnesAreNull() throws IOException {
        List<String> all = List.of("added", "total", "id");
        assertEquals(model(r -> true), read(all, null));
        assertEquals(model(r -> r % 4 == 0), read(all, Predicate.isNull("total")));
        assertEquals(model(r -> r % 100 == 7), read(all, Predicate.equal("total", 7)));
    }

    @Test
    void aFilterOnAMissingColumnSeesNulls() throws IOException {
        List<String> all = List.of("added", "total", "id");
        assertEquals(model(r -> true), read(all, Predicate.isNull("added")));
        assertEquals(List.of(), read(all, Predicate.equal("added", "x")));
    }

    @Test
    void statisticsOfAnOlderSchemaStillRuleOut() {
        assertEquals(false, mayMatch(Predicate.greater("total", 99)));
        assertEquals(true, mayMatch(Predicate.greater("total", 98)));
        assertEquals(false, mayMatch(Predicate.isNotNull("added")));
        assertEquals(true, mayMatch(Predicate.isNull("added")));
    }

    private boolean mayMatch(Predicate filter) {
        return new KnownRanges(NEW, RowFilter.bind(filter, NEW.fields())).mayMatch(file, OLD.fields());
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() {
        TableSchema changed =
                schema(2, new Field(1, "id", DataType.bigint(), false), new Field(2, "count", DataType.string(), true));
        ReadRequest request = ReadRequest.all(changed);
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> {
            try (VisibleRows rows =
                    new VisibleRows(files, FileRanges.of(file, 0, ROWS, new RoaringBitmap()), request, 0, 0)) {
                rows.next();
            }
        });
        assertEquals(ErrorCode.SCHEMA_MISMATCH, e.code());
    }
}
