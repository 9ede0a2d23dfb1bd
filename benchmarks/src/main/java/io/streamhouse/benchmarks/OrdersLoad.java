package io.streamhouse.benchmarks;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Upserts of {@code orders} over uniform keys, and the gate that a scan of them has to pass before its time counts.
 *
 * @param rows upserts, over {@code keys} uniform keys
 * @param keys keys
 * @param commits commits of about one size
 */
record OrdersLoad(long rows, long keys, int commits) {
    static final long SEED = 42;

    OrdersLoad {
        if (rows < 1 || keys < 1 || keys > Integer.MAX_VALUE - 8 || commits < 1 || commits > rows) {
            throw new IllegalArgumentException("%d rows over %d keys in %d commits".formatted(rows, keys, commits));
        }
    }

    long keyOf(long sequence) {
        return Long.remainderUnsigned(OrderRows.mix(SEED + sequence), keys);
    }

    /** Whether a commit ends after this row. */
    boolean endsCommit(long sequence) {
        return (sequence + 1) % perCommit() == 0 || sequence + 1 == rows;
    }

    /** Number, from 1, of the commit that holds the row. */
    long commitOf(long sequence) {
        return sequence / perCommit() + 1;
    }

    private long perCommit() {
        return (rows + commits - 1) / commits;
    }

    /** Sequence number of the newest version of each key, -1 for none. */
    long[] newest() {
        long[] newest = new long[(int) keys];
        Arrays.fill(newest, -1);
        for (long s = 0; s < rows; s++) {
            newest[(int) keyOf(s)] = s;
        }
        return newest;
    }

    static Table create(Catalog catalog, int buckets) throws IOException {
        catalog.createDatabase("bench", true);
        TableSchema schema =
                TableSchema.create(OrderRows.FIELDS, List.of("id"), List.of(), List.of(), buckets, Map.of());
        return catalog.createTable(TableName.of("bench", "orders"), schema);
    }

    /**
     * Reads every value of every column of the newest snapshot; keys and sequence times are held against the model.
     *
     * @throws IllegalStateException if the table is not the model's
     */
    static Timing scan(Table table, long[] newest) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        OrderRows expected = new OrderRows(SEED);
        long visible = 0;
        long checksum = 0;
        long wanted = 0;
        for (int k = 0; k < newest.length; k++) {
            if (newest[k] >= 0) {
                wanted += expected.at(newest[k], k).getLong(11) * 31 + k;
                visible++;
            }
        }
        long count = 0;
        long consumed = 0;
        Timing.Start start = Timing.start();
        try (BatchScan scan = TableScan.of(table).snapshot(head.id()).open()) {
            for (ColumnBatch b = scan.next(); b != null; b = scan.next()) {
                long[] ids = ((ColumnVector.Longs) b.column(0)).values();
                long[] updated = ((ColumnVector.Longs) b.column(11)).values();
                int n = b.selectedCount();
                for (int i = 0; i < n; i++) {
                    int p = b.position(i);
                    checksum += updated[p] * 31 + ids[p];
                }
                for (ColumnVector v : b.columns()) {
                    consumed += consume(v, b, n);
                }
                count += n;
            }
        }
        Timing timing = start.end(count);
        if (count != visible
                || checksum != wanted
                || consumed == 0
                || head.totals().rowCount() != visible) {
            throw new IllegalStateException("the scan gave %d rows with checksum %d, expected %d and %d (snapshot: %d)"
                    .formatted(count, checksum, visible, wanted, head.totals().rowCount()));
        }
        return timing;
    }

    /**
     * What checking the checksums of a scan costs, in nanoseconds: CRC-32C of every column chunk that it reads, as often as it
     * reads it, right after it was read, held against the tree's.
     *
     * @throws IllegalStateException if a checksum is wrong
     */
    static long checksumNanos(Table table) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        long nanos = 0;
        for (FileEntry entry : table.snapshots().tree(head).entries()) {
            String path = entry.file().object().path();
            for (RowGroup group : entry.file().rowGroups()) {
                for (ChunkLocator chunk : group.chunks()) {
                    byte[] bytes = table.components().store().read(path, chunk.offset(), chunk.length());
                    long start = System.nanoTime();
                    int crc = Checksums.crc32c(bytes);
                    nanos += System.nanoTime() - start;
                    if (crc != chunk.crc()) {
                        throw new IllegalStateException(
                                "the checksum of the chunk at %d of %s is wrong".formatted(chunk.offset(), path));
                    }
                }
            }
        }
        return nanos;
    }

    private static long consume(ColumnVector v, ColumnBatch b, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            int p = b.position(i);
            sum += v instanceof ColumnVector.Bytes x ? x.offsets()[p + 1] - x.offsets()[p] : v.isNull(p) ? 0 : 1;
        }
        return sum;
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
