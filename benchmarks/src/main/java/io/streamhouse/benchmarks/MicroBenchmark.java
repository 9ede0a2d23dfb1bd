package io.streamhouse.benchmarks;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first figures: rows a second and CPU per row of upserts through one {@link TableWriter} in one bucket, and of a
 * full scan afterwards. Before any time is printed the scan must give as many rows and the same checksum as a model.
 *
 * <p>Arguments: {@code [--rows N] [--keys N] [--commits N] [--runs N]}.
 */
public final class MicroBenchmark {
    private static final long SEED = 42;

    private final long rows;
    private final long keys;
    private final int commits;
    private final int runs;

    private MicroBenchmark(Map<String, Long> arguments) {
        this.rows = arguments.getOrDefault("--rows", 2_000_000L);
        this.keys = arguments.getOrDefault("--keys", 400_000L);
        this.commits = arguments.getOrDefault("--commits", 20L).intValue();
        this.runs = arguments.getOrDefault("--runs", 3L).intValue();
    }

    /** One measured part. */
    private record Timing(double seconds, double cpuSeconds, long rowCount) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,12.0f rows/s  %6.3f us CPU/row  %7.3f s",
                    rowCount / seconds,
                    cpuSeconds * 1e6 / rowCount,
                    seconds);
        }
    }

    public static void main(String[] args) throws IOException {
        Map<String, Long> arguments = new java.util.HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            arguments.put(args[i], Long.parseLong(args[i + 1]));
        }
        new MicroBenchmark(arguments).run();
    }

    private void run() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "micro: %,d upserts over %,d uniform keys, %d commits, 16 columns, 1 bucket; JDK %s, %d processors%n",
                rows,
                keys,
                commits,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        long[] newest = model();
        for (int run = 1; run <= runs; run++) {
            Path directory = Files.createTempDirectory("streamhouse-micro");
            try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
                Table table = create(catalog);
                Timing generate = generateOnly();
                Timing write = write(table);
                Timing scan = scan(table, newest);
                System.out.println("run " + run + "  upsert          " + write);
                System.out.println("run " + run + "  of that, source " + generate);
                System.out.println("run " + run + "  full scan       " + scan);
            } finally {
                delete(directory);
            }
        }
    }

    private Table create(Catalog catalog) throws IOException {
        catalog.createDatabase("bench", true);
        TableSchema schema = TableSchema.create(OrderRows.FIELDS, List.of("id"), List.of(), List.of(), 1, Map.of());
        return catalog.createTable(TableName.of("bench", "orders"), schema);
    }

    private long keyOf(long sequence) {
        return Long.remainderUnsigned(OrderRows.mix(SEED + sequence), keys);
    }

    /** Sequence number of the newest version of each key, -1 for none. */
    private long[] model() {
        long[] newest = new long[(int) keys];
        java.util.Arrays.fill(newest, -1);
        for (long s = 0; s < rows; s++) {
            newest[(int) keyOf(s)] = s;
        }
        return newest;
    }

    private Timing generateOnly() {
        OrderRows row = new OrderRows(SEED);
        long start = System.nanoTime();
        long cpu = cpuNanos();
        long consumed = 0;
        for (long s = 0; s < rows; s++) {
            row.at(s, keyOf(s));
            for (int c : new int[] {3, 4, 5, 9, 13, 14}) {
                consumed += row.isNull(c) ? 0 : row.getBytes(c).length;
            }
        }
        if (consumed == 0) {
            throw new IllegalStateException("nothing was generated");
        }
        return new Timing((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9, rows);
    }

    private Timing write(Table table) throws IOException {
        OrderRows row = new OrderRows(SEED);
        long start = System.nanoTime();
        long cpu = cpuNanos();
        long perCommit = (rows + commits - 1) / commits;
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (long s = 0; s < rows; s++) {
                writer.write(RowKind.INSERT, row.at(s, keyOf(s)));
                if ((s + 1) % perCommit == 0 || s + 1 == rows) {
                    writer.commit(s / perCommit + 1);
                }
            }
        }
        return new Timing((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9, rows);
    }

    /** Reads every value of every column; the gate holds keys and sequence times against the model. */
    private Timing scan(Table table, long[] newest) throws IOException {
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
        long start = System.nanoTime();
        long cpu = cpuNanos();
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
        Timing timing = new Timing((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9, count);
        if (count != visible
                || checksum != wanted
                || consumed == 0
                || head.totals().rowCount() != visible) {
            throw new IllegalStateException("the scan gave %d rows with checksum %d, expected %d and %d (snapshot: %d)"
                    .formatted(count, checksum, visible, wanted, head.totals().rowCount()));
        }
        return timing;
    }

    private static long consume(ColumnVector v, ColumnBatch b, int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            int p = b.position(i);
            sum += v instanceof ColumnVector.Bytes x ? x.offsets()[p + 1] - x.offsets()[p] : v.isNull(p) ? 0 : 1;
        }
        return sum;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path p : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
