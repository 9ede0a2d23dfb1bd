package io.streamhouse.lake;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.type.TableLayout;
import io.streamhouse.spec.type.TableSchema;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The changes of one flush, ordered by (partition, bucket, key), at most one per key. In a table without key: by
 * (partition, bucket), arrival order kept.
 *
 * @param rows the rows that stay, in output order
 * @param rowKeys keys of these rows in output order; null in a table without key
 * @param deleteKeys keys of the deletes that stay, in output order; null in a table without key
 * @param groups one per touched bucket, ascending
 */
public record SortedChanges(RowSource rows, KeyColumn rowKeys, KeyColumn deleteKeys, List<Group> groups)
        implements Closeable {
    public SortedChanges {
        groups = List.copyOf(groups);
    }

    /**
     * One bucket's part.
     *
     * @param id bucket
     * @param firstRow index of the first row in output order
     * @param rowCount rows
     * @param firstDelete index into {@code deleteKeys}
     * @param deleteCount deletes
     */
    public record Group(BucketId id, int firstRow, int rowCount, int firstDelete, int deleteCount) {}

    /** Gives back the local files of spilled rows. */
    @Override
    public void close() throws IOException {
        rows.close();
    }

    /**
     * Sorts buffered changes.
     *
     * @param deleted 1 where the change deletes its key
     * @param appendBucket bucket of all rows of a table with neither key nor bucket key
     */
    static SortedChanges sort(TableSchema schema, ColumnBatch rows, byte[] deleted, int appendBucket) {
        int n = rows.rowCount();
        List<BucketId> ids = new ArrayList<>();
        int[] groups = groups(schema, rows, appendBucket, ids);
        boolean keyed = schema.layout().hasKey();
        KeyColumn keys = keyed ? keysOf(schema, rows) : null;
        int[] order = RowOrder.byGroupAndKey(groups, ids.size(), keys);
        int[] rowOrder = new int[n];
        int[] deleteOrder = new int[n];
        int rowsKept = 0;
        int deletesKept = 0;
        List<Group> out = new ArrayList<>();
        int i = 0;
        while (i < n) {
            int group = groups[order[i]];
            int firstRow = rowsKept;
            int firstDelete = deletesKept;
            for (; i < n && groups[order[i]] == group; i++) {
                int row = order[i];
                boolean last = !keyed
                        || i + 1 == n
                        || groups[order[i + 1]] != group
                        || keys.compare(row, keys, order[i + 1]) != 0;
                if (!last) {
                    continue;
                }
                if (deleted[row] == 0) {
                    rowOrder[rowsKept++] = row;
                } else {
                    deleteOrder[deletesKept++] = row;
                }
            }
            out.add(new Group(ids.get(group), firstRow, rowsKept - firstRow, firstDelete, deletesKept - firstDelete));
        }
        return new SortedChanges(
                new RowSource.InMemory(rows, Arrays.copyOf(rowOrder, rowsKept)),
                keyed ? keys.gather(rowOrder, 0, rowsKept) : null,
                keyed ? keys.gather(deleteOrder, 0, deletesKept) : null,
                out);
    }

    private static KeyColumn keysOf(TableSchema schema, ColumnBatch rows) {
        int[] indexes = schema.keyIndexes();
        return KeyEncoder.of(schema.project(indexes)).keys(rows.project(indexes).columns());
    }

    /** Dense group number per row, numbered in (partition, bucket) order; fills {@code ids} by number. */
    private static int[] groups(TableSchema schema, ColumnBatch rows, int appendBucket, List<BucketId> ids) {
        int n = rows.rowCount();
        int[] buckets = buckets(schema, rows, appendBucket);
        int[] partitionColumns = schema.partitionIndexes();
        Partition[] partitions = partitionColumns.length == 0
                ? null
                : KeyEncoder.of(schema.project(partitionColumns))
                        .partitions(rows.project(partitionColumns).columns());
        Map<Partition, int[]> raw = new HashMap<>();
        TreeMap<BucketId, Integer> numbers = new TreeMap<>();
        int modulus = schema.layout().buckets();
        int[] groups = new int[n];
        List<BucketId> seen = new ArrayList<>();
        Partition lastPartition = null;
        int[] known = null;
        for (int row = 0; row < n; row++) {
            Partition p = partitions == null ? Partition.NONE : partitions[row];
            if (p != lastPartition) {
                known = raw.computeIfAbsent(p, q -> {
                    int[] none = new int[modulus];
                    Arrays.fill(none, -1);
                    return none;
                });
                lastPartition = p;
            }
            int g = known[buckets[row]];
            if (g < 0) {
                g = seen.size();
                known[buckets[row]] = g;
                BucketId id = new BucketId(p, buckets[row]);
                seen.add(id);
                numbers.put(id, g);
            }
            groups[row] = g;
        }
        int[] rank = new int[seen.size()];
        for (Map.Entry<BucketId, Integer> e : numbers.entrySet()) {
            rank[e.getValue()] = ids.size();
            ids.add(e.getKey());
        }
        for (int row = 0; row < n; row++) {
            groups[row] = rank[groups[row]];
        }
        return groups;
    }

    private static int[] buckets(TableSchema schema, ColumnBatch rows, int appendBucket) {
        TableLayout layout = schema.layout();
        if (layout.bucketKey().isEmpty()) {
            int[] out = new int[rows.rowCount()];
            Arrays.fill(out, layout.hasKey() ? 0 : appendBucket % layout.buckets());
            return out;
        }
        int[] indexes = schema.indexesOf(layout.bucketKey());
        List<ColumnVector> columns = rows.project(indexes).columns();
        return new Bucketing(schema.project(indexes), layout.buckets()).buckets(columns, rows.rowCount());
    }
}
