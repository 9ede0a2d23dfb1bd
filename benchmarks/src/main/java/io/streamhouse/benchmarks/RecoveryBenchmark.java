package io.streamhouse.benchmarks;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.BucketRouter;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How long a job takes from its restored state to its first new commit: opens the table as a process that has never seen
 * it, fences, writes one row through each of its writers and commits. Nothing of an earlier recovery is left in caches of
 * the store's own; the operating system keeps the files. The table is never compacted, so every file that was ever
 * written is live.
 *
 * <p>Arguments: {@code [--commits N] [--writers N] [--rows N] [--recoveries N]}.
 */
public final class RecoveryBenchmark {
    private static final TableName NAME = TableName.of("bench", "recovery");
    private static final int BUCKETS_PER_WRITER = 4;
    private static final long SEED = 42;

    private final int commits;
    private final int writers;
    private final int rows;
    private final int recoveries;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Set<Long> keys = new HashSet<>();

    private RecoveryBenchmark(Arguments arguments) {
        this.commits = (int) arguments.number("--commits", 1_000);
        this.writers = (int) arguments.number("--writers", 10);
        this.rows = (int) arguments.number("--rows", 500);
        this.recoveries = (int) arguments.number("--recoveries", 100);
        if (commits < 1 || writers < 1 || rows < writers || recoveries < 1) {
            throw new IllegalArgumentException("%d commits of %d writers with %d rows each, %d recoveries"
                    .formatted(commits, writers, rows, recoveries));
        }
    }

    /**
     * The benchmark that the arguments ask for.
     *
     * @throws IllegalArgumentException naming the argument that is wrong
     */
    public static RecoveryBenchmark of(List<String> arguments) {
        return new RecoveryBenchmark(
                new Arguments(arguments, List.of("--commits", "--writers", "--rows", "--recoveries")));
    }

    /** Measures, and prints percentiles. */
    public void run() throws IOException {
        Path directory = Files.createTempDirectory("streamhouse-recovery");
        try {
            byte[] state = build(directory);
            double[] seconds = new double[recoveries];
            for (int i = 0; i < recoveries; i++) {
                long start = System.nanoTime();
                state = recover(directory, state, commits + i);
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
                Snapshot head = catalog.table(NAME).snapshots().latest().orElseThrow();
                if (head.totals().rowCount() != keys.size()) {
                    throw new IllegalStateException("the table has %d rows, expected are %d"
                            .formatted(head.totals().rowCount(), keys.size()));
                }
                int files = catalog.table(NAME).snapshots().tree(head).entries().size();
                double first = seconds[0];
                Arrays.sort(seconds);
                System.out.printf(
                        Locale.ROOT,
                        "recovery: %,d live files, %,d snapshots, %,d rows; JDK %s, %d processors%n"
                                + "%d recoveries to the first new commit: first %.3f s, p50 %.3f s, p99 %.3f s, most %.3f s%n",
                        files,
                        head.id(),
                        keys.size(),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors(),
                        recoveries,
                        first,
                        percentile(seconds, 50),
                        percentile(seconds, 99),
                        seconds[seconds.length - 1]);
            }
        } finally {
            OrdersLoad.delete(directory);
        }
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
    }

    private byte[] build(Path directory) throws IOException {
        try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
            catalog.createDatabase(NAME.database(), true);
            TableSchema schema = TableSchema.create(
                    List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true)),
                    List.of("id"),
                    List.of(),
                    List.of(),
                    writers * BUCKETS_PER_WRITER,
                    Map.of("snapshot.time-retained", "365 d"));
            Table table = catalog.createTable(NAME, schema);
            CommitTimeline timeline = CommitTimeline.fresh(
                    CommitUser.named("job"), table.components().ids());
            timeline.fence(table.snapshots(), 0, OlderSavepoint.REFUSE);
            try (Job job = new Job(table, directory)) {
                for (int checkpoint = 1; checkpoint <= commits; checkpoint++) {
                    job.commit(timeline, checkpoint, rows);
                }
            }
            return timeline.state();
        }
    }

    private byte[] recover(Path directory, byte[] state, long checkpoint) throws IOException {
        try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
            Table table = catalog.table(NAME);
            CommitTimeline timeline =
                    CommitTimeline.restore(state, table.components().ids());
            timeline.fence(table.snapshots(), checkpoint, OlderSavepoint.REFUSE);
            try (Job job = new Job(table, directory)) {
                job.commit(timeline, checkpoint + 1, writers);
            }
            return timeline.state();
        }
    }

    /** The writers and the committer of one attempt. */
    private final class Job implements AutoCloseable {
        private final TableCommitter committer;
        private final List<TableWriter> open = new ArrayList<>();
        private final BucketRouter router;
        private final RowViews views;

        Job(Table table, Path directory) throws IOException {
            committer = TableCommitter.open(table);
            for (int i = 0; i < writers; i++) {
                open.add(TableWriter.forEngine(
                        table, new WriterSettings(i, writers, DataSize.ofMebibytes(4), directory.resolve("spill"))));
            }
            router = new BucketRouter(table.schema());
            views = RowViews.of(table.schema().fields(), List.of("id"));
        }

        /** Commits some rows, as many through each writer. */
        void commit(CommitTimeline timeline, long checkpoint, int count) throws IOException {
            int[] left = new int[writers];
            Arrays.fill(left, count / writers);
            for (int missing = writers * (count / writers); missing > 0; ) {
                long key = random.nextInt(4 * commits * rows / 5 + writers);
                Row row = Row.of(key, checkpoint);
                int writer = router.writerOf(views.view(row), writers);
                if (left[writer] > 0) {
                    open.get(writer).write(RowKind.UPDATE_AFTER, row);
                    keys.add(key);
                    left[writer]--;
                    missing--;
                }
            }
            List<TableDelta> parts = new ArrayList<>();
            for (TableWriter writer : open) {
                parts.add(writer.flush().orElseThrow());
            }
            CommitOutcome outcome = committer.commit(timeline.next(checkpoint, OptionalLong.empty(), parts, false));
            if (!(outcome instanceof CommitOutcome.Committed)) {
                throw new IllegalStateException("commit %d: %s".formatted(checkpoint, outcome));
            }
        }

        @Override
        public void close() throws IOException {
            for (TableWriter writer : open) {
                writer.close();
            }
            committer.close();
        }
    }
}
