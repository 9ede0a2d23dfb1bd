package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that are in the table already never get into it again, whoever names them. */
class RepeatedDeltaTest {
    /** More closed users than a commit map keeps of those that are older than an hour. */
    private static final int MANY = 101;

    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private Table table;

    @BeforeEach
    void createTable() throws IOException {
        Catalog catalog = Catalogs.open(
                new Components(ObjectStores.memory(clock), clock, new SeededIds(3), Seeds.random(1), Runnable::run));
        catalog.createDatabase("db", true);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        table = catalog.createTable(
                TableName.of("db", "t"), TableSchema.create(fields, List.of("id"), List.of(), List.of(), 2, Map.of()));
    }

    private TableDelta flush(long key, long value) throws IOException {
        try (TableWriter writer = TableWriter.forEngine(table, WriterSettings.single(table))) {
            writer.write(RowKind.INSERT, Row.of(key, value));
            return writer.flush().orElseThrow();
        }
    }

    private CommitTimeline timeline() {
        return CommitTimeline.fresh(CommitUser.fresh(), table.components().ids());
    }

    @Test
    void partsStampedAnewAreRefusedWhileTheirFilesAreInTheTable() throws Exception {
        TableDelta part = flush(1, 1);
        try (TableCommitter committer = TableCommitter.open(table)) {
            CommitDelta first = timeline().next(1, OptionalLong.empty(), List.of(part), false);
            assertInstanceOf(CommitOutcome.Committed.class, committer.commit(first));
            CommitDelta later = timeline().next(1, OptionalLong.empty(), List.of(flush(1, 2)), false);
            assertInstanceOf(CommitOutcome.Committed.class, committer.commit(later));
            CommitDelta again = timeline().next(1, OptionalLong.empty(), List.of(part), false);
            CommitOutcome.Refused refused = assertInstanceOf(CommitOutcome.Refused.class, committer.commit(again));
            assertEquals(ErrorCode.COMMIT_REFUSED, refused.code());
        }
        WriteAndCommitTest.check(table, new TreeMap<>(Map.of(1L, 2L)));
    }

    @Test
    void aBatchDeltaIsKnownByItsFilesWhenItsUserIsForgotten() throws Exception {
        CommitDelta first = timeline().next(1, OptionalLong.empty(), List.of(flush(1, 1)), true);
        try (TableCommitter committer = TableCommitter.open(table)) {
            assertInstanceOf(CommitOutcome.Committed.class, committer.commit(first));
            clock.advance(Duration.ofHours(2));
            for (long i = 2; i < 2 + MANY; i++) {
                CommitDelta other = timeline().next(1, OptionalLong.empty(), List.of(flush(i, i)), true);
                assertInstanceOf(CommitOutcome.Committed.class, committer.commit(other));
            }
            CommitMap commits = table.snapshots().latest().orElseThrow().commits();
            assertEquals(Optional.empty(), commits.user(first.identity().user()));
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, committer.commit(first));
        }
        assertEquals(MANY + 1, table.snapshots().latest().orElseThrow().totals().rowCount());
    }
}
