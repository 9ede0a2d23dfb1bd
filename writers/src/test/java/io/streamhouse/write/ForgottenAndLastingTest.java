package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
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
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.SharedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * A statement is committed again when the commit map has forgotten its first attempt, which died without an answer as
 * everybody has since. Each committer then finds the commit by looking itself, and is the only one to make it lasting.
 */
class ForgottenAndLastingTest {
    private static final TableName NAME = TableName.of("db", "t");
    /** Closed users of more than an hour that a commit map keeps. */
    private static final int KEPT = 100;

    private interface Opening {
        TableWriter writer(Table table, WriterSettings settings) throws IOException;
    }

    private interface Committing {
        CommitOutcome commit(Table table, CommitDelta delta) throws IOException;
    }

    /** Processes on one disk. */
    private static final class Processes {
        private final SharedDisk disk;
        private final SeededIds ids = new SeededIds(7);

        Processes(SharedDisk disk) {
            this.disk = disk;
        }

        Catalog next() {
            return Catalogs.open(new Components(disk.connect(), disk.clock(), ids, Seeds.random(1), Runnable::run));
        }

        Table table() throws IOException {
            return next().table(NAME);
        }

        void createTable() throws IOException {
            List<Field> fields =
                    List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
            Catalog catalog = next();
            catalog.createDatabase("db", true);
            catalog.createTable(NAME, TableSchema.create(fields, List.of("id"), List.of(), List.of(), 2, Map.of()));
        }

        CommitDelta write(Opening opening, long value) throws IOException {
            Table table = table();
            try (TableWriter writer = opening.writer(table, WriterSettings.single(table))) {
                writer.write(RowKind.INSERT, Row.of(1L, value));
                return delta(List.of(writer.flush().orElseThrow()));
            }
        }

        /** The only delta of a user of its own. */
        CommitDelta delta(List<TableDelta> parts) {
            return CommitTimeline.fresh(CommitUser.fresh(), ids).next(1, OptionalLong.empty(), parts, true);
        }

        void commitAndDie(Committing committing, CommitDelta delta) throws IOException {
            Table table = table();
            disk.loseAnswer("/snapshot/", Fault.CRASH_AFTER);
            assertThrows(IOException.class, () -> committing.commit(table, delta));
        }
    }

    private static CommitOutcome append(Table table, CommitDelta delta) throws IOException {
        try (TableCommitter committer = TableCommitter.open(table)) {
            return committer.commit(delta);
        }
    }

    /** A statement whose commit is snapshot 2 outlasts a loss of power once it is found there. */
    private static void assertFoundAndLasts(Opening opening, Committing committing) throws Exception {
        SharedDisk.assertLasts("db.db/t/" + SnapshotChain.objectPath(2), disk -> {
            Processes processes = new Processes(disk);
            processes.createTable();
            append(processes.table(), processes.write(TableWriter::forEngine, 1));
            CommitDelta delta = processes.write(opening, 2);
            processes.commitAndDie(committing, delta);
            disk.clock().advance(Duration.ofHours(2));
            for (int i = 0; i < KEPT; i++) {
                processes.commitAndDie(ForgottenAndLastingTest::append, processes.delta(List.of()));
            }
            Table table = processes.table();
            CommitMap commits = table.snapshots().latest().orElseThrow().commits();
            assertEquals(Optional.empty(), commits.user(delta.identity().user()));
            assertEquals(1 + KEPT, disk.unsynced().size());
            assertInstanceOf(CommitOutcome.AlreadyCommitted.class, committing.commit(table, delta));
        });
    }

    @Test
    void aBatchDeltaThatIsFoundByItsFiles() throws Exception {
        assertFoundAndLasts(TableWriter::forEngine, ForgottenAndLastingTest::append);
    }

    @Test
    void anOverwriteThatIsFoundByItsFiles() throws Exception {
        assertFoundAndLasts(TableWriter::forOverwrite, (table, delta) -> Overwrite.of(table, new Extent.Everything())
                .commit(delta));
    }

    @Test
    void aRowDeltaThatIsFoundAmongTheCommitsSinceItsBase() throws Exception {
        assertFoundAndLasts(
                (table, settings) -> TableWriter.forRowDelta(table, settings, 1),
                (table, delta) -> RowDeltaCommitter.open(table).commit(delta));
    }
}
