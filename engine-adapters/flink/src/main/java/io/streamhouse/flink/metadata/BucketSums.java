package io.streamhouse.flink.metadata;

import io.streamhouse.lake.BucketId;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/** What the buckets and partitions of one snapshot hold. */
final class BucketSums {
    private final List<Field> partitionFields;

    /** Ascending by partition, then bucket. */
    private final TreeMap<BucketId, Sum> buckets = new TreeMap<>();

    /**
     * What one bucket or partition holds.
     *
     * @param buckets buckets with files
     * @param slices slices of files; a file is counted once a bucket
     * @param rows visible rows
     * @param masked rows that are stored and not visible
     * @param sizeBytes share of the files' bytes, by rows
     * @param lastAddedIn newest snapshot that added one of the slices
     */
    record Sum(int buckets, int slices, long rows, long masked, long sizeBytes, long lastAddedIn) {
        private Sum plus(Sum other) {
            return new Sum(
                    buckets + other.buckets,
                    slices + other.slices,
                    rows + other.rows,
                    masked + other.masked,
                    sizeBytes + other.sizeBytes,
                    Math.max(lastAddedIn, other.lastAddedIn));
        }
    }

    private BucketSums(TableSchema schema) {
        this.partitionFields = schema.project(schema.partitionIndexes());
    }

    static BucketSums of(TableSchema schema, LakeView view) {
        BucketSums out = new BucketSums(schema);
        for (BucketId bucket : view.buckets()) {
            Sum sum = new Sum(1, 0, 0, 0, 0, 0);
            for (LakeView.SliceRef ref : view.slices(bucket)) {
                sum = sum.plus(of(view, ref));
            }
            out.buckets.put(bucket, sum);
        }
        return out;
    }

    private static Sum of(LakeView view, LakeView.SliceRef ref) {
        Slice slice = ref.slice();
        var file = ref.file().file();
        RoaringBitmap mask = view.mask(file.object().id());
        long masked = mask == null ? 0 : mask.rangeCardinality(slice.firstRow(), slice.endRow());
        long bytes = (long) ((double) file.object().sizeBytes() * slice.rowCount() / file.rowCount());
        return new Sum(
                0, 1, slice.rowCount() - masked, masked, bytes, ref.file().addedIn());
    }

    /** Ascending by partition, then bucket. */
    TreeMap<BucketId, Sum> buckets() {
        return buckets;
    }

    TreeMap<Partition, Sum> partitions() {
        TreeMap<Partition, Sum> out = new TreeMap<>();
        buckets.forEach((id, sum) -> out.merge(id.partition(), sum, Sum::plus));
        return out;
    }

    /** {@code day=2024-05-01/region=eu}; empty for a table without partitions. */
    String text(Partition partition) {
        if (partitionFields.isEmpty()) {
            return "";
        }
        List<ColumnVector> tuple = KeyEncoder.of(partitionFields).decode(partition);
        return IntStream.range(0, tuple.size())
                .mapToObj(i -> {
                    Field field = partitionFields.get(i);
                    return field.name() + "=" + RowReader.value(tuple.get(i), field.type(), 0);
                })
                .collect(Collectors.joining("/"));
    }
}
