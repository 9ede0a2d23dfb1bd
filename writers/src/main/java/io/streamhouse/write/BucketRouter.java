package io.streamhouse.write;

import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * Which writer of a job takes a row: all rows of one bucket of one partition go to one writer, so that a key has exactly
 * one. One thread.
 */
public final class BucketRouter {
    private final Bucketing bucketing;
    private final int[] bucketColumns;
    private final ColumnBuilder[] bucketBuilders;
    private final int[] partitionColumns;
    private final ColumnBuilder[] partitionBuilders;
    private final KeyEncoder partitions;
    private final boolean routed;

    public BucketRouter(TableSchema schema) {
        this.bucketColumns = schema.indexesOf(schema.layout().bucketKey());
        this.partitionColumns = schema.partitionIndexes();
        this.bucketing =
                new Bucketing(schema.project(bucketColumns), schema.layout().buckets());
        this.bucketBuilders = builders(schema, bucketColumns);
        this.partitionBuilders = builders(schema, partitionColumns);
        this.partitions = partitionColumns.length == 0 ? null : KeyEncoder.of(schema.project(partitionColumns));
        this.routed = schema.layout().hasKey() || bucketColumns.length > 0;
    }

    private static ColumnBuilder[] builders(TableSchema schema, int[] columns) {
        List<ColumnBuilder> out = new ArrayList<>();
        for (Field f : schema.project(columns)) {
            out.add(ColumnBuilder.of(f.type().physical()));
        }
        return out.toArray(ColumnBuilder[]::new);
    }

    /** False for an append table without bucket key: any writer may take any row. */
    public boolean isRouted() {
        return routed;
    }

    /** Writer of the row, 0 to {@code writers - 1}; the same for all rows of a bucket. */
    public int writerOf(RowView row, int writers) {
        int bucket =
                bucketColumns.length == 0 ? 0 : bucketing.buckets(vectors(row, bucketColumns, bucketBuilders), 1)[0];
        int spread = partitions == null
                ? 0
                : partitions.partitions(vectors(row, partitionColumns, partitionBuilders))[0].hashCode();
        return Math.floorMod(bucket + spread, writers);
    }

    private static List<ColumnVector> vectors(RowView row, int[] columns, ColumnBuilder[] builders) {
        List<ColumnVector> out = new ArrayList<>(columns.length);
        for (int i = 0; i < columns.length; i++) {
            builders[i].clear();
            builders[i].append(row, columns[i]);
            out.add(builders[i].build());
        }
        return out;
    }
}
