package io.streamhouse.log;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Deleted keys as rows: the key columns hold the key, all others null. */
public final class DeletedKeys implements RowSource {
    private static final int BATCH_ROWS = 4096;

    private final KeyColumn keys;
    private final List<Field> keyFields;
    private final List<Field> columns;
    private final Function<ColumnBatch, long[]> filter;
    private int at;

    /**
     * @param keys ascending, distinct
     * @param keyFields columns of the key, in key order
     * @param columns columns to deliver
     * @param filter bit per row of a batch of the key columns, 1 = passes; it may answer null for all
     */
    public DeletedKeys(
            KeyColumn keys, List<Field> keyFields, List<Field> columns, Function<ColumnBatch, long[]> filter) {
        this.keys = keys;
        this.keyFields = List.copyOf(keyFields);
        this.columns = List.copyOf(columns);
        this.filter = filter;
    }

    @Override
    public SourceBatch next() {
        if (at == keys.size()) {
            return null;
        }
        KeyColumn part = keys.range(at, Math.min(keys.size(), at + BATCH_ROWS));
        at += part.size();
        ColumnBatch keyRows = new ColumnBatch(KeyEncoder.of(keyFields).decode(part), part.size(), null);
        List<ColumnVector> out = new ArrayList<>();
        for (Field column : columns) {
            int k = keyFields.indexOf(column);
            out.add(k >= 0 ? keyRows.column(k) : nulls(column, part.size()));
        }
        return new SourceBatch(part, new ColumnBatch(out, part.size(), null), filter.apply(keyRows), null);
    }

    private static ColumnVector nulls(Field column, int size) {
        ColumnBuilder builder = ColumnBuilder.of(column.type().physical());
        for (int i = 0; i < size; i++) {
            builder.appendNull();
        }
        return builder.build();
    }

    @Override
    public void close() {}
}
