package io.streamhouse.benchmarks;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.RowKind;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
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
    private final OrdersLoad load;
    private final int runs;

    private MicroBenchmark(Arguments arguments) {
        this.load = new OrdersLoad(arguments.number("--rows", 2_000_000), arguments.number("--keys", 400_000), (int)
                arguments.number("--commits", 20));
        this.runs = (int) arguments.number("--runs", 3);
    }

    /**
     * The benchmark that the arguments ask for.
     *
     * @throws IllegalArgumentException naming the argument that is wrong
     */
    public static MicroBenchmark of(List<String> arguments) {
        return new MicroBenchmark(new Arguments(arguments, List.of("--rows", "--keys", "--commits", "--runs")));
    }

    /** Measures, and prints each run. */
    public void run() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "micro: %,d upserts over %,d uniform keys, %d commits, 16 columns, 1 bucket; JDK %s, %d processors%n",
                load.rows(),
                load.keys(),
                load.commits(),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        long[] newest = load.newest();
        for (int run = 1; run <= runs; run++) {
            Path directory = Files.createTempDirectory("streamhouse-micro");
            try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
                Table table = OrdersLoad.create(catalog, 1);
                Timing generate = generateOnly();
                Timing write = write(table);
                Timing scan = OrdersLoad.scan(table, newest);
                double checksums = OrdersLoad.checksumNanos(table) / 1e9;
                System.out.println("run " + run + "  upsert          " + write);
                System.out.println("run " + run + "  of that, source " + generate);
                System.out.println("run " + run + "  full scan       " + scan);
                System.out.printf(
                        Locale.ROOT,
                        "run %d  checksums       %.4f s  %.2f %% of the scan's CPU, %.2f %% of its time if one thread did it all%n",
                        run,
                        checksums,
                        100 * checksums / scan.cpuSeconds(),
                        100 * checksums / scan.seconds());
            } finally {
                OrdersLoad.delete(directory);
            }
        }
    }

    private Timing generateOnly() {
        OrderRows row = new OrderRows(OrdersLoad.SEED);
        Timing.Start start = Timing.start();
        long consumed = 0;
        for (long s = 0; s < load.rows(); s++) {
            row.at(s, load.keyOf(s));
            for (int c : new int[] {3, 4, 5, 9, 13, 14}) {
                consumed += row.isNull(c) ? 0 : row.getBytes(c).length;
            }
        }
        if (consumed == 0) {
            throw new IllegalStateException("nothing was generated");
        }
        return start.end(load.rows());
    }

    private Timing write(Table table) throws IOException {
        OrderRows row = new OrderRows(OrdersLoad.SEED);
        Timing.Start start = Timing.start();
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (long s = 0; s < load.rows(); s++) {
                writer.write(RowKind.INSERT, row.at(s, load.keyOf(s)));
                if (load.endsCommit(s)) {
                    writer.commit(load.commitOf(s));
                }
            }
        }
        return start.end(load.rows());
    }
}
