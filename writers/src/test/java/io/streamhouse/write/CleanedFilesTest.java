package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.OrphanCleaner;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a job has written and committed days later, from a retained checkpoint say, is in the table or is refused. */
class CleanedFilesTest {
    private static final Duration WEEK = OrphanCleaner.DEFAULT_AGE;

    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore store = ObjectStores.memory(clock);
    private final SeededIds ids = new SeededIds(4);

    private Table open() throws IOException {
        return open(store);
    }

    private Table open(ObjectStore connection) throws IOException {
        return catalog(connection).table(TableName.of("db", "t"));
    }

    private Catalog catalog(ObjectStore connection) {
        return Catalogs.open(new Components(connection, clock, ids, Seeds.random(1), Runnable::run));
    }

    private Table create(List<String> key) throws IOException {
        catalog(store).createDatabase("db", true);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        return catalog(store)
                .createTable(
                        TableName.of("db", "t"), TableSchema.create(fields, key, List.of(), List.of(), 2, Map.of()));
    }

    private TableDelta flush(long key, long value) throws IOException {
        try (TableWriter writer = TableWriter.forEngine(open(), WriterSettings.single(open()))) {
            writer.write(RowKind.INSERT, Row.of(key, value));
            return writer.flush().orElseThrow();
        }
    }

    private CommitDelta delta(TableDelta part) throws IOException {
        return CommitTimeline.fresh(CommitUser.fresh(), ids).next(1, OptionalLong.empty(), List.of(part), true);
    }

    private CommitOutcome commit(Table table, CommitDelta delta) throws IOException {
        try (TableCommitter committer = TableCommitter.open(table)) {
            return committer.commit(delta);
        }
    }

    /** Others commit, so that the time is known, and a cleaner runs. */
    private void daysPass(int days) throws IOException {
        for (int day = 0; day < days; day++) {
            clock.advance(Duration.ofDays(1));
            assertInstanceOf(CommitOutcome.Committed.class, commit(open(), delta(flush(100 + day, day))));
            OrphanCleaner.of(open()).run(WEEK, false);
        }
    }

    @Test
    void aRetainedCheckpointOfLessThanTheMinimumAgeCommits() throws Exception {
        create(List.of("id"));
        commit(open(), delta(flush(1, 1)));
        CommitDelta retained = delta(flush(2, 2));
        daysPass(6);
        assertInstanceOf(CommitOutcome.Committed.class, commit(open(), retained));
        TreeMap<Long, Long> rows = new TreeMap<>(Map.of(1L, 1L, 2L, 2L));
        for (long day = 0; day < 6; day++) {
            rows.put(100 + day, day);
        }
        WriteAndCommitTest.check(open(), rows);
    }

    @Test
    void whatWasCleanedAwayIsRefusedWithAndWithoutKey() throws IOException {
        for (List<String> key : List.of(List.of("id"), List.<String>of())) {
            Table table = create(key);
            commit(table, delta(flush(1, 1)));
            CommitDelta retained = delta(flush(2, 2));
            TableDelta row;
            try (TableWriter writer = TableWriter.forOverwrite(open(), WriterSettings.single(open()))) {
                writer.write(RowKind.INSERT, Row.of(7L, 7L));
                row = writer.flush().orElseThrow();
            }
            CommitDelta overwrite = delta(row);
            daysPass(8);
            String file = retained.parts().get(0).files().get(0).object().path();
            assertEquals(-1, table.components().store().size(file));
            long head = open().snapshots().latest().orElseThrow().id();
            for (Commit commit :
                    List.<Commit>of(() -> commit(open(), retained), () -> commit(table, retained), () -> Overwrite.of(
                                    open(), new Extent.Everything())
                            .commit(overwrite))) {
                assertRefused(commit);
            }
            assertEquals(head, open().snapshots().latest().orElseThrow().id());
            catalog(store).dropTable(TableName.of("db", "t"), false);
        }
    }

    private interface Commit {
        CommitOutcome run() throws IOException;
    }

    private static void assertRefused(Commit commit) throws IOException {
        CommitOutcome.Refused refused = assertInstanceOf(CommitOutcome.Refused.class, commit.run());
        assertEquals(ErrorCode.MISSING_FILE, refused.code());
        assertTrue(refused.message().contains("cleaning takes it"), refused.message());
    }

    /** What the store's clock makes a day old is younger by the clock of those who commit. */
    @Test
    void aStoreWhoseClockIsBehindMakesNoFileOldThatACommitTrusts() throws IOException {
        create(List.of());
        commit(open(), delta(flush(1, 1)));
        clock.advance(Duration.ofMinutes(-9));
        CommitDelta retained = delta(flush(2, 2));
        clock.advance(Duration.ofHours(24));
        commit(open(), delta(flush(3, 3)));
        clock.advance(Duration.ofMinutes(1));
        commit(open(), delta(flush(4, 4)));
        OrphanCleaner.of(open()).run(OrphanCleaner.LEAST_AGE, false);
        String file = retained.parts().get(0).files().get(0).object().path();
        assertEquals(-1, open().components().store().size(file));
        assertRefused(() -> commit(open(), retained));
    }

    /** The committer looks whether its file stands, is paused, and publishes; meanwhile a cleaner runs. */
    @Test
    void aFileThatGoesBetweenTheLookAndThePutIsNotPublished() throws IOException {
        create(List.of("id"));
        commit(open(), delta(flush(1, 1)));
        CommitDelta retained = delta(flush(2, 2));
        for (int day = 0; day < 8; day++) {
            clock.advance(Duration.ofDays(1));
            commit(open(), delta(flush(100 + day, day)));
        }
        Table paused = open(new ForwardingObjectStore(store) {
            @Override
            public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
                if (path.contains("/snapshot/")) {
                    OrphanCleaner.of(open()).run(WEEK, false);
                }
                return super.putIfAbsent(path, bytes);
            }
        });
        CommitOutcome outcome = commit(paused, retained);
        String file = retained.parts().get(0).files().get(0).object().path();
        assertTrue(
                !(outcome instanceof CommitOutcome.Committed)
                        || open().components().store().size(file) >= 0,
                "acknowledged, and its file is gone: " + file);
    }

    @Test
    void aYoungCommitAsksForNoFile() throws IOException {
        create(List.of());
        commit(open(), delta(flush(1, 1)));
        daysPass(3);
        List<String> asked = new ArrayList<>();
        Table table = open(new ForwardingObjectStore(store) {
            @Override
            public Optional<ObjectInfo> find(String path) throws IOException {
                asked.add(path);
                return super.find(path);
            }
        });
        for (int n = 0; n < 3; n++) {
            assertInstanceOf(CommitOutcome.Committed.class, commit(table, delta(flush(n, n))));
        }
        assertEquals(List.of(), asked.stream().filter(p -> p.contains("/data/")).toList());
        assertTrue(!asked.isEmpty());
    }
}
