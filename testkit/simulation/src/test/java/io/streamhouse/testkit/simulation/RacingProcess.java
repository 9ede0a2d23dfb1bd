package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.testkit.StoreRoot;
import io.streamhouse.write.BucketRouter;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process of the race: each of its threads is a writer that commits one row after another and writes each
 * acknowledgement to a file of its own, synced, before the next commit.
 */
final class RacingProcess {
    static final TableName TABLE = TableName.of("db", "race");
    static final int BUCKETS = 8;

    private RacingProcess() {}

    /** Arguments: root of the warehouse, directory of the acknowledgements, first writer, writers, commits, store. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        int first = Integer.parseInt(arguments[2]);
        int writers = Integer.parseInt(arguments[3]);
        int commits = Integer.parseInt(arguments[4]);
        ObjectStore right = StoreRoot.ofArgument(arguments[0]).open();
        ObjectStore store = arguments[5].equals("careless") ? new CarelessObjectStore(right) : right;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<?>> races = new ArrayList<>();
        CountDownLatch opened = new CountDownLatch(writers);
        CountDownLatch begun = new CountDownLatch(1);
        for (int writer = first; writer < first + writers; writer++) {
            int number = writer;
            races.add(threads.submit(() -> {
                race(store, directory, number, commits, opened, begun);
                return null;
            }));
        }
        threads.shutdown();
        opened.await();
        ForkedJvm.awaitBeginning();
        begun.countDown();
        for (Future<?> race : races) {
            race.get();
        }
    }

    /** Where a writer says what was acknowledged: a line with key and snapshot for each commit. */
    static Path acknowledgements(Path directory, int writer) {
        return directory.resolve("acknowledged-" + writer);
    }

    private static void race(
            ObjectStore store, Path directory, int writer, int commits, CountDownLatch opened, CountDownLatch begun)
            throws IOException, InterruptedException {
        Table table = Catalogs.open(Components.system(store)).table(TABLE);
        try (TableWriter rows = TableWriter.open(table, CommitUser.fresh());
                FileChannel out = FileChannel.open(
                        acknowledgements(directory, writer), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            opened.countDown();
            begun.await();
            race(table, rows, out, writer, commits);
        }
    }

    private static void race(Table table, TableWriter rows, FileChannel out, int writer, int commits)
            throws IOException {
        Keys keys = new Keys(table);
        long key = writer * 1_000_000L;
        for (int i = 1; i <= commits; i++) {
            key = keys.next(key, (i + writer) % 2 == 0);
            rows.write(RowKind.INSERT, Row.of(key, (long) writer));
            CommitOutcome outcome = rows.commit(i);
            if (!(outcome instanceof CommitOutcome.Committed committed)) {
                throw new IllegalStateException("commit %d of writer %d: %s".formatted(i, writer, outcome));
            }
            String line = "%d %d%n".formatted(key, committed.snapshot().id());
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
    }

    /** Keys by bucket. */
    private static final class Keys {
        private final BucketRouter router;
        private final RowViews rows;

        Keys(Table table) {
            router = new BucketRouter(table.schema());
            rows = RowViews.of(table.schema().fields(), List.of("id"));
        }

        /** The next key: in bucket 0, where all processes meet, or in any other. */
        long next(long key, boolean meeting) {
            long next = key + 1;
            while (meeting != (router.writerOf(rows.view(Row.of(next, null)), BUCKETS) == 0)) {
                next++;
            }
            return next;
        }
    }
}
