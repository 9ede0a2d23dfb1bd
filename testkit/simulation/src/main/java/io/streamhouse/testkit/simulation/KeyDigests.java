package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.TableModel.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Digests of single keys, each computed once; all zero for a table without key. One thread. */
final class KeyDigests {
    private final boolean keyed;
    private final KeyEncoder encoder;
    private final RowViews rowViews;
    private final List<ColumnBuilder> builders = new ArrayList<>();
    private final Map<List<Object>, KeyDigest> known = new HashMap<>();

    KeyDigests(TableSchema schema) {
        this.keyed = schema.layout().hasKey();
        List<Field> keys = schema.project(schema.keyIndexes());
        this.encoder = keyed ? KeyEncoder.of(keys) : null;
        this.rowViews = RowViews.of(schema.fields(), schema.layout().primaryKey());
        keys.forEach(f -> builders.add(ColumnBuilder.of(f.type().physical())));
    }

    KeyDigest of(List<Object> key) {
        return keyed ? known.computeIfAbsent(key, this::compute) : KeyDigest.ZERO;
    }

    private KeyDigest compute(List<Object> key) {
        RowView row = rowViews.view(KeyShape.row(key, null));
        List<ColumnVector> columns = new ArrayList<>();
        for (int i = 0; i < builders.size(); i++) {
            builders.get(i).clear();
            builders.get(i).append(row, i);
            columns.add(builders.get(i).build());
        }
        return encoder.keys(columns).digest(0, 1);
    }

    /** Digest sum of the keys that are deleted, there or not. */
    KeyDigest ofDeletes(List<Write> writes) {
        KeyDigest sum = KeyDigest.ZERO;
        for (Write write : writes) {
            sum = write.row().isPresent() ? sum : sum.plus(of(write.key()));
        }
        return sum;
    }
}
