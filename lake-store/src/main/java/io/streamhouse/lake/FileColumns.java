package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.storage.ObjectStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Exactly the wanted columns of a row range of one file, whatever schema it was written with. One thread. */
public final class FileColumns implements Closeable {
    private static final int BATCH_ROWS = 8192;

    /** Null if the file has none of the columns: then rows are only counted. */
    private final ColumnFileReader reader;

    private final List<Field> wanted;

    /** Per wanted column its index in the reader's batches, -1 if the file does not have it. */
    private final int[] sources;

    private final int end;
    private int next;
    private int batchStart;

    private FileColumns(ColumnFileReader reader, List<Field> wanted, int[] sources, int from, int to) {
        this.reader = reader;
        this.wanted = wanted;
        this.sources = sources;
        this.next = from;
        this.end = to;
    }

    /**
     * Columns of {@code [from, to)}; wanted ones that the file does not have are null in every row.
     *
     * @param written fields that the file was written with
     * @throws StreamhouseException {@code SCHEMA_MISMATCH} if a column changed to a type that holds other values
     */
    public static FileColumns open(
            ObjectStore store, DataFile file, List<Field> written, List<Field> wanted, int from, int to)
            throws IOException {
        int[] projection = new int[wanted.size()];
        int[] sources = new int[wanted.size()];
        int n = 0;
        for (int i = 0; i < sources.length; i++) {
            int at = indexOfId(written, wanted.get(i).id());
            sources[i] = at < 0 ? -1 : n;
            if (at >= 0) {
                checkReadable(written.get(at), wanted.get(i), file.object().path());
                projection[n++] = at;
            }
        }
        ColumnFileReader reader =
                n == 0 ? null : ColumnFiles.reader(store, file, written, Arrays.copyOf(projection, n), from, to);
        return new FileColumns(reader, wanted, sources, from, to);
    }

    private static int indexOfId(List<Field> fields, int id) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).id() == id) {
                return i;
            }
        }
        return -1;
    }

    /** Whether column chunks are read at all. */
    public boolean readsChunks() {
        return reader != null;
    }

    /** Integers may be widened, and lengths and digits grow without changing how values stand. */
    private static void checkReadable(Field written, Field wanted, String path) {
        PhysicalType from = written.type().physical();
        PhysicalType to = wanted.type().physical();
        boolean widened = from == PhysicalType.INT && to == PhysicalType.LONG;
        if ((from != to && !widened) || unitsDiffer(written.type(), wanted.type())) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "column '%s' was written as %s in %s and cannot be read as %s"
                            .formatted(wanted.name(), written.type(), path, wanted.type()));
        }
    }

    private static boolean unitsDiffer(DataType a, DataType b) {
        return a.scale() != b.scale() || a.isNanos() != b.isNanos() || a.isWideDecimal() != b.isWideDecimal();
    }

    /** The next rows in order, or null at the end. */
    public ColumnBatch next() throws IOException {
        if (reader != null) {
            ColumnBatch batch = reader.next();
            batchStart = reader.batchStart();
            return batch == null ? null : mapped(batch);
        }
        if (next >= end) {
            return null;
        }
        int rows = Math.min(BATCH_ROWS, end - next);
        batchStart = next;
        next += rows;
        return mapped(new ColumnBatch(List.of(), rows, null));
    }

    /** File position of the first row of the last batch of {@link #next}. */
    public int batchStart() {
        return batchStart;
    }

    /** The next batch begins at this row, which is not before the end of the last one. */
    public void seek(int row) throws IOException {
        if (reader != null) {
            reader.seek(row);
        } else {
            next = row;
        }
    }

    /** Dense batch of the rows at ascending positions. */
    public ColumnBatch rows(int[] positions) throws IOException {
        return mapped(reader != null ? reader.rows(positions) : new ColumnBatch(List.of(), positions.length, null));
    }

    private ColumnBatch mapped(ColumnBatch batch) {
        List<ColumnVector> out = new ArrayList<>(sources.length);
        for (int i = 0; i < sources.length; i++) {
            PhysicalType type = wanted.get(i).type().physical();
            out.add(sources[i] < 0 ? nulls(type, batch.rowCount()) : widened(batch.column(sources[i]), type));
        }
        return new ColumnBatch(out, batch.rowCount(), batch.selection());
    }

    private static ColumnVector widened(ColumnVector vector, PhysicalType type) {
        if (vector.physical() == type) {
            return vector;
        }
        int[] ints = ((ColumnVector.Ints) vector).values();
        long[] longs = new long[vector.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = ints[i];
        }
        return new ColumnVector.Longs(longs.length, vector.nulls(), longs);
    }

    private static ColumnVector nulls(PhysicalType type, int rows) {
        ColumnBuilder builder = ColumnBuilder.of(type);
        for (int i = 0; i < rows; i++) {
            builder.appendNull();
        }
        return builder.build();
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
