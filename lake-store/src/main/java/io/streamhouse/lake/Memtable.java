package io.streamhouse.lake;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Columnar append buffer of one writer over all its buckets; nothing is sorted before {@link #seal}. One thread.
 *
 * <p>In a keyed table -U and -D both delete their key; only the key columns of a delete are kept.
 */
public final class Memtable {
    private final TableSchema schema;
    private final ColumnBuilder[] columns;
    private final boolean[] isKey;
    private final int[] notNull;
    private byte[] deleted = new byte[1024];
    private int rowCount;

    public Memtable(TableSchema schema) {
        this.schema = schema;
        this.columns = schema.fields().stream()
                .map(f -> ColumnBuilder.of(f.type().physical()))
                .toArray(ColumnBuilder[]::new);
        this.isKey = new boolean[columns.length];
        for (int k : schema.keyIndexes()) {
            isKey[k] = true;
        }
        List<Field> fields = schema.fields();
        this.notNull = java.util.stream.IntStream.range(0, fields.size())
                .filter(i -> !fields.get(i).nullable())
                .toArray();
    }

    /**
     * Appends one change. A null in a key or NOT NULL column is refused before anything is kept; so is a retraction on a
     * table without key.
     */
    public void append(RowKind kind, RowView row) {
        boolean delete = kind.isRetraction();
        if (delete && !schema.layout().hasKey()) {
            throw new StreamhouseException(
                    ErrorCode.SCHEMA_MISMATCH, "a table without primary key takes inserts only, not " + kind.symbol());
        }
        for (int c : notNull) {
            if ((!delete || isKey[c]) && row.isNull(c)) {
                throw nullIn(c);
            }
        }
        try {
            for (int c = 0; c < columns.length; c++) {
                if (delete && !isKey[c]) {
                    columns[c].appendNull();
                } else {
                    columns[c].append(row, c);
                }
            }
        } catch (RuntimeException e) {
            // a getter of the engine's row failed, or a column is full: no half row stays
            for (ColumnBuilder c : columns) {
                c.truncate(rowCount);
            }
            throw e;
        }
        if (rowCount == deleted.length) {
            deleted = Arrays.copyOf(deleted, rowCount * 2);
        }
        deleted[rowCount++] = (byte) (delete ? 1 : 0);
    }

    private StreamhouseException nullIn(int column) {
        String name = schema.fields().get(column).name();
        return isKey[column]
                ? new StreamhouseException(ErrorCode.NULL_KEY, "key column '%s' is NULL".formatted(name))
                : new StreamhouseException(
                        ErrorCode.SCHEMA_MISMATCH, "column '%s' is NOT NULL but the row holds NULL".formatted(name));
    }

    public int rowCount() {
        return rowCount;
    }

    /** Heap bytes of the values so far. */
    public long sizeBytes() {
        long sum = rowCount;
        for (ColumnBuilder c : columns) {
            sum += c.sizeBytes();
        }
        return sum;
    }

    /** Everything appended so far, sorted, the last change per key only; the memtable is empty afterwards. */
    public SortedChanges seal(int appendBucket) {
        ColumnBatch rows = new ColumnBatch(
                Arrays.stream(columns).<ColumnVector>map(ColumnBuilder::build).toList(), rowCount, null);
        SortedChanges sorted = SortedChanges.sort(schema, rows, Arrays.copyOf(deleted, rowCount), appendBucket);
        for (ColumnBuilder c : columns) {
            c.clear();
        }
        rowCount = 0;
        return sorted;
    }
}
