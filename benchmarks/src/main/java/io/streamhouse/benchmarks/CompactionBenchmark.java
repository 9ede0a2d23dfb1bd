package io.streamhouse.benchmarks;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.BackgroundCompaction;
import io.streamhouse.compact.Compaction;
import io.streamhouse.compact.CompactionListener;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionReport;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What compaction costs and leaves: upserts through one {@link TableWriter} beside a {@link BackgroundCompaction}, awaited
 * within the measured time; then the table as it lies, scanned, fully compacted and scanned again. Every scan must give as
 * many rows and the same checksum as a model before its time counts.
 *
 * <p>Arguments: {@code [--rows N] [--keys N] [--commits N] [--buckets N] [--scans N] [--json FILE]}.
 */
public final class CompactionBenchmark {
    private static final List<String> ARGUMENTS =
            List.of("--rows", "--keys", "--commits", "--buckets", "--scans", "--json");

    private final OrdersLoad load;
    private final int buckets;
    private final int scans;
    private final Optional<Path> json;
    private final Map<String, Number> figures = new LinkedHashMap<>();

    private CompactionBenchmark(Arguments arguments) {
        this.load = new OrdersLoad(arguments.number("--rows", 10_000_000), arguments.number("--keys", 2_000_000), (int)
                arguments.number("--commits", 100));
        this.buckets = (int) arguments.number("--buckets", 1);
        this.scans = (int) arguments.number("--scans", 3);
        this.json = arguments.text("--json").map(Path::of);
        json.map(file -> file.toAbsolutePath().normalize().getParent())
                .filter(parent -> !Files.isDirectory(parent))
                .ifPresent(parent -> {
                    // found at the end it would cost the whole run
                    throw new IllegalArgumentException(
                            "the directory of '--json %s' does not exist".formatted(json.get()));
                });
    }

    /**
     * The benchmark that the arguments ask for.
     *
     * @throws IllegalArgumentException naming the argument that is wrong
     */
    public static CompactionBenchmark of(List<String> arguments) {
        return new CompactionBenchmark(new Arguments(arguments, ARGUMENTS));
    }

    /**
     * Measures, prints, and writes the figures to the JSON file if there is to be one.
     *
     * @throws IllegalStateException if a scan is not the model's, or a compaction failed
     */
    public void run() throws IOException, InterruptedException, ExecutionException {
        System.out.printf(
                Locale.ROOT,
                "compaction: %,d upserts over %,d uniform keys, %d commits, 16 columns, %d buckets; JDK %s, %d processors%n",
                load.rows(),
                load.keys(),
                load.commits(),
                buckets,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        figure("rows", load.rows());
        figure("keys", load.keys());
        figure("commits", load.commits());
        figure("buckets", buckets);
        long[] newest = load.newest();
        Path directory = Files.createTempDirectory("streamhouse-compaction");
        try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
            Table table = OrdersLoad.create(catalog, buckets);
            write(table);
            layout(table, directory, "");
            scan(table, newest, "");
            compactFully(table);
            layout(table, directory, "compacted.");
            scan(table, newest, "compacted.");
        } finally {
            OrdersLoad.delete(directory);
        }
        if (json.isPresent()) {
            Files.writeString(json.get(), asJson());
        }
    }

    private void write(Table table) throws IOException, InterruptedException, ExecutionException {
        OrderRows row = new OrderRows(OrdersLoad.SEED);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Lock commitLock = new ReentrantLock();
        Failures failures = new Failures();
        TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()));
        Timing.Start start = Timing.start();
        Timing committed;
        CompactionReport report;
        try (BackgroundCompaction compaction = new BackgroundCompaction(compactor, executor, commitLock, failures);
                TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (long s = 0; s < load.rows(); s++) {
                writer.write(RowKind.INSERT, row.at(s, load.keyOf(s)));
                if (load.endsCommit(s)) {
                    compaction.afterCommit(commit(writer, commitLock, load.commitOf(s)));
                }
            }
            committed = start.end(load.rows());
            // what was under way may not have seen the last commit
            executor.submit(() -> {}).get();
            compaction.afterCommit(table.snapshots().latest().orElseThrow());
            executor.submit(() -> {}).get();
            report = compaction.report();
        } finally {
            executor.shutdown();
        }
        Timing all = start.end(load.rows());
        failures.check();
        say("upsert, until the last commit       %s", committed);
        say("upsert, until nothing is to compact %s", all);
        say(
                "compactions: %d, %d lost; %,d positions translated",
                report.published(), report.lost(), report.translatedPositions());
        figure("upsert.seconds", committed.seconds());
        figure("upsert.rows_per_second", committed.rowsPerSecond());
        figure("upsert_and_compaction.seconds", all.seconds());
        figure("upsert_and_compaction.rows_per_second", all.rowsPerSecond());
        figure("upsert_and_compaction.cpu_us_per_row", all.cpuMicrosPerRow());
        figure("compactions", report.published());
        figure("compactions_lost", report.lost());
        figure("compaction.bytes_read", report.bytesRead());
        figure("compaction.bytes_written", report.bytesWritten());
        figure("compaction.translated_positions", report.translatedPositions());
    }

    private static Snapshot commit(TableWriter writer, Lock commitLock, long identifier) throws IOException {
        commitLock.lock();
        try {
            CommitOutcome outcome = writer.commit(identifier);
            if (outcome instanceof CommitOutcome.Committed c) {
                return c.snapshot();
            }
            throw new IllegalStateException("commit %d: %s".formatted(identifier, outcome));
        } finally {
            commitLock.unlock();
        }
    }

    /** A benchmark whose compactions fail measures something else. */
    private static final class Failures implements CompactionListener {
        private volatile Exception first;

        @Override
        public void failed(Exception failure, int commitsUntilNextTry) {
            first = first == null ? failure : first;
        }

        void check() {
            if (first != null) {
                throw new IllegalStateException("a compaction failed", first);
            }
        }
    }

    /** Files and garbage of the newest snapshot, and what has been written for it; nothing expires meanwhile. */
    private void layout(Table table, Path directory, String prefix) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        List<FileEntry> live = table.snapshots().tree(head).entries();
        long liveBytes =
                live.stream().mapToLong(e -> e.file().object().sizeBytes()).sum();
        long stored = live.stream().mapToLong(e -> e.file().rowCount()).sum();
        double garbage = 1 - (double) head.totals().rowCount() / stored;
        say(
                "%sfiles: %d, %,d MB, %.1f %% of their rows are garbage",
                prefix.isEmpty() ? "" : "after a full compaction, ", live.size(), liveBytes >> 20, 100 * garbage);
        figure(prefix + "files", live.size());
        figure(prefix + "live_bytes", liveBytes);
        figure(prefix + "garbage_share", garbage);
        if (!prefix.isEmpty()) {
            return;
        }
        long[] written = written(directory);
        long byWriter = written[0] - figures.get("compaction.bytes_written").longValue();
        say(
                "written: %,d MB of data by the writer, %,d MB by compaction: amplification %.2f; %.1f MB of metadata in %,d"
                        + " objects",
                byWriter >> 20,
                figures.get("compaction.bytes_written").longValue() >> 20,
                (double) written[0] / byWriter,
                written[1] / 1e6,
                written[2]);
        figure("writer.bytes_written", byWriter);
        figure("write_amplification", (double) written[0] / byWriter);
        figure("metadata.bytes_written", written[1]);
        figure("metadata.objects", written[2]);
    }

    /** Bytes of data files, bytes of all other objects and their number. */
    private static long[] written(Path directory) throws IOException {
        long[] sums = new long[3];
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getParent().endsWith("data")) {
                    sums[0] += Files.size(file);
                } else {
                    sums[1] += Files.size(file);
                    sums[2]++;
                }
            }
        }
        return sums;
    }

    private void scan(Table table, long[] newest, String prefix) throws IOException {
        double best = Double.MAX_VALUE;
        double worst = 0;
        for (int i = 1; i <= scans; i++) {
            Timing timing = OrdersLoad.scan(table, newest);
            say("%sfull scan %d %s", prefix.isEmpty() ? "" : "after a full compaction, ", i, timing);
            best = Math.min(best, timing.seconds());
            worst = Math.max(worst, timing.seconds());
        }
        figure(prefix + "scan.best_seconds", best);
        figure(prefix + "scan.worst_seconds", worst);
    }

    /** Merges everything, in as few tasks as the bound of a task allows. */
    private void compactFully(Table table) throws IOException {
        Snapshot head = table.snapshots().latest().orElseThrow();
        long bytes = 0;
        Timing.Start start = Timing.start();
        try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
            Set<UUID> task = new HashSet<>();
            for (FileEntry e : table.snapshots().tree(head).entries()) {
                task.add(e.file().object().id());
                bytes += e.file().object().sizeBytes();
                if (task.size() == PositionMap.MAX_INPUTS) {
                    compact(compactor, task);
                    task.clear();
                }
            }
            if (!task.isEmpty()) {
                compact(compactor, task);
            }
        }
        Timing timing = start.end(head.totals().rowCount());
        say("full compaction %s, %.1f MB/s of input", timing, bytes / 1e6 / timing.seconds());
        figure("full_compaction.seconds", timing.seconds());
        figure("full_compaction.cpu_seconds", timing.cpuSeconds());
        figure("full_compaction.input_mb_per_second", bytes / 1e6 / timing.seconds());
    }

    private static void compact(TableCompactor compactor, Set<UUID> files) throws IOException {
        Compaction task = compactor.plan(files).orElseThrow();
        CompactionOutcome outcome = compactor.publish(compactor.rewrite(task));
        if (!(outcome instanceof CompactionOutcome.Published)) {
            throw new IllegalStateException("a compaction without a rival: " + outcome);
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    private void figure(String name, Number value) {
        figures.put(name, value);
    }

    private String asJson() {
        StringBuilder out = new StringBuilder("{\n");
        figures.put("processors", Runtime.getRuntime().availableProcessors());
        out.append("  \"benchmark\": \"compaction\",\n  \"jdk\": \"")
                .append(System.getProperty("java.version"))
                .append('"');
        figures.forEach((name, value) -> out.append(",\n  \"")
                .append(name)
                .append("\": ")
                .append(value instanceof Double d ? String.format(Locale.ROOT, "%.6f", d) : value.toString()));
        return out.append("\n}\n").toString();
    }
}
