package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFileWriter;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.WrittenFile;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes one data file slice by slice: the pages, statistics and names that all data files of a table share. One thread;
 * closing without {@link #finish} leaves no object.
 */
public final class SliceFileWriter implements Closeable {
    private static final int STATISTICS_COLUMNS = 32;

    /** Slices of fewer rows share pages with their neighbours. */
    private static final int OWN_PAGE_ROWS = 4096;

    private final ColumnFileWriter out;
    private final TableSchema schema;
    private final DataFile.Origin origin;
    private final List<Slice> slices = new ArrayList<>();
    private int firstRow;
    private boolean lastWasLarge;

    private SliceFileWriter(ColumnFileWriter out, TableSchema schema, DataFile.Origin origin) {
        this.out = out;
        this.schema = schema;
        this.origin = origin;
    }

    /**
     * Begins a file.
     *
     * @param store store at the table root
     * @param id identity of the file
     * @param schema schema of the rows
     * @param origin what the file is
     */
    public static SliceFileWriter open(ObjectStore store, UUID id, TableSchema schema, DataFile.Origin origin)
            throws IOException {
        FileFormat format = TableOptions.parse(schema.options()).fileFormat();
        ColumnFileWriter out = ColumnFiles.writer(
                format, store, id, ColumnFiles.path(format, id), schema.fields(), statisticsFields(schema));
        return new SliceFileWriter(out, schema, origin);
    }

    /** Path of a data file of a table below the table's root. */
    public static String path(TableSchema schema, UUID id) {
        return ColumnFiles.path(TableOptions.parse(schema.options()).fileFormat(), id);
    }

    private static Set<Integer> statisticsFields(TableSchema schema) {
        Set<Integer> out = new HashSet<>();
        List<Field> fields = schema.fields();
        for (int i = 0; i < Math.min(STATISTICS_COLUMNS, fields.size()); i++) {
            out.add(fields.get(i).id());
        }
        for (int i : schema.keyIndexes()) {
            out.add(fields.get(i).id());
        }
        for (int i : schema.partitionIndexes()) {
            out.add(fields.get(i).id());
        }
        return out;
    }

    /** Begins a slice of about so many rows; slices come in the order of their buckets. */
    public void beginSlice(int expectedRows) throws IOException {
        boolean large = expectedRows >= OWN_PAGE_ROWS;
        if (out.rowCount() > 0 && (large || lastWasLarge)) {
            out.cutPages();
        }
        firstRow = out.rowCount();
        lastWasLarge = large;
    }

    /** Appends rows to the slice that was begun. */
    public void write(ColumnBatch rows) throws IOException {
        out.write(rows);
    }

    /** Ends the slice, which has at least one row. */
    public void endSlice(BucketId bucket, Slice.KeyRange keys) {
        slices.add(new Slice(
                bucket.partition(),
                schema.layout().buckets(),
                bucket.bucket(),
                firstRow,
                out.rowCount() - firstRow,
                keys));
    }

    /** Puts foreign bytes behind the rows. */
    public BlockRef.Stored writeBlock(byte[] bytes) throws IOException {
        return out.writeBlock(bytes);
    }

    /** Publishes the object. */
    public DataFile finish() throws IOException {
        WrittenFile file = out.finish();
        return new DataFile(file.object(), origin, file.rowCount(), slices, file.rowGroups(), file.stats());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
