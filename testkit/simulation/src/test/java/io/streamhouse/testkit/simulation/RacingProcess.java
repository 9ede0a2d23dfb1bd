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
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.write.BucketRouter;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A process of the race: commits one row after another and writes each acknowledgement to a file of its own, synced,
 * before the next commit.
 */
final class RacingProcess {
    static final TableName TABLE = TableName.of("db", "race");
    static final int BUCKETS = 8;

    private RacingProcess() {}

    /** Arguments: warehouse directory, acknowledgements, process number, commits, careful or careless. */
    public static void main(String[] arguments) throws IOException {
        Path acknowledgements = Path.of(arguments[1]);
        int process = Integer.parseInt(arguments[2]);
        int commits = Integer.parseInt(arguments[3]);
        ObjectStore local = ObjectStores.local(Path.of(arguments[0]));
        ObjectStore store = arguments[4].equals("careless") ? new CarelessObjectStore(local) : local;
        Table table = Catalogs.open(Components.system(store)).table(TABLE);
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh());
                FileChannel out =
                        FileChannel.open(acknowledgements, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ForkedJvm.awaitBeginning();
            race(table, writer, out, process, commits);
        }
    }

    private static void race(Table table, TableWriter writer, FileChannel out, int process, int commits)
            throws IOException {
        Keys keys = new Keys(table);
        long key = process * 1_000_000L;
        for (int i = 1; i <= commits; i++) {
            key = keys.next(key, (i + process) % 2 == 0);
            writer.write(RowKind.INSERT, Row.of(key, (long) process));
            CommitOutcome outcome = writer.commit(i);
            if (!(outcome instanceof CommitOutcome.Committed committed)) {
                throw new IllegalStateException("commit %d of process %d: %s".formatted(i, process, outcome));
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
