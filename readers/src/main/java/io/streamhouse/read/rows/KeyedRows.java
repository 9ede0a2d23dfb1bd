package io.streamhouse.read.rows;

import io.streamhouse.log.SourceBatch;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.filter.RowFilter;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns read columns into rows with keys, for a request on a keyed table. Immutable. */
public final class KeyedRows {
    private final ReadRequest request;
    private final List<Field> columns;
    private final KeyEncoder encoder;
    private final int[] key;
    private final int[] delivered;

    public KeyedRows(ReadRequest request) {
        this.request = request;
        TableSchema schema = request.schema();
        List<Field> keyFields = schema.project(schema.keyIndexes());
        Set<Field> all = new LinkedHashSet<>(keyFields);
        all.addAll(request.columns());
        if (request.filter() != null) {
            all.addAll(request.filter().columns());
        }
        this.columns = List.copyOf(all);
        this.encoder = KeyEncoder.of(keyFields);
        this.key = indexes(keyFields);
        this.delivered = indexes(request.columns());
    }

    private int[] indexes(List<Field> fields) {
        return fields.stream().mapToInt(columns::indexOf).toArray();
    }

    /** Columns to read: of the key, the delivery and the filter. */
    List<Field> columns() {
        return columns;
    }

    /** Rows with keys and with what the filter says of them; {@code batch} is dense. */
    SourceBatch of(ColumnBatch batch) {
        RowFilter filter = request.filter();
        long[] passing = null;
        long[] leaving = null;
        if (filter != null) {
            passing = select(filter, batch, BitRows.all(batch.rowCount()));
            long[] fits = BitRows.all(batch.rowCount());
            if (request.keyFilter() != null) {
                fits = select(request.keyFilter(), batch, fits);
            }
            leaving = BitRows.minus(fits, passing);
        }
        return new SourceBatch(encoder.keys(batch.project(key).columns()), batch.project(delivered), passing, leaving);
    }

    private long[] select(RowFilter filter, ColumnBatch batch, long[] in) {
        return filter.select(batch.project(indexes(filter.columns())), in);
    }

    /** What the filter says of keys alone: bit per row of a batch of the key columns, or null if it says nothing. */
    public long[] keysPassing(ColumnBatch keys) {
        RowFilter filter = request.keyFilter();
        if (filter == null) {
            return null;
        }
        List<Field> keyFields = new ArrayList<>();
        for (int k : key) {
            keyFields.add(columns.get(k));
        }
        int[] wanted = filter.columns().stream().mapToInt(keyFields::indexOf).toArray();
        return filter.select(keys.project(wanted), BitRows.all(keys.rowCount()));
    }
}
