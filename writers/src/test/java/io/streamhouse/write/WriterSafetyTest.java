package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer that met a failure may still say and do. */
class WriterSafetyTest {
    private static final List<Field> FIELDS =
            List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));

    private final ObjectStore memory = ObjectStores.memory();
    private final AtomicBoolean down = new AtomicBoolean();

    @TempDir
    Path directory;

    private Table table() throws Exception {
        FaultPolicy policy = (call, path) -> down.get() && call == StoreCall.PUT_IF_ABSENT && path.contains("snapshot/")
                ? Optional.of(Fault.ERROR_BEFORE)
                : Optional.empty();
        Catalog catalog = Catalogs.open(Components.system(new FaultyObjectStore(memory, policy)));
        catalog.createDatabase("db", true);
        return catalog.createTable(
                TableName.of("db", "t"), TableSchema.create(FIELDS, List.of("id"), List.of(), List.of(), 2, Map.of()));
    }

    @Test
    void anUnknownOutcomeIsSettledBeforeAnythingElseIsWritten() throws Exception {
        Table table = table();
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            down.set(true);
            assertThrows(IOException.class, () -> writer.commit(1));
            assertThrows(IllegalStateException.class, () -> writer.write(RowKind.INSERT, Row.of(2L, 2L)));
            assertThrows(IllegalStateException.class, () -> writer.commit(2));
            down.set(false);
            assertInstanceOf(CommitOutcome.Committed.class, writer.commit(1));
            writer.write(RowKind.INSERT, Row.of(2L, 2L));
            writer.commit(2);
        }
        WriteAndCommitTest.check(table, new TreeMap<>(Map.of(1L, 1L, 2L, 2L)));
    }

    @Test
    void identifiersAscendFromOne() throws Exception {
        Table table = table();
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            writer.write(RowKind.INSERT, Row.of(1L, 1L));
            assertThrows(IllegalArgumentException.class, () -> writer.commit(0));
            writer.commit(5);
            writer.write(RowKind.INSERT, Row.of(2L, 2L));
            assertThrows(IllegalArgumentException.class, () -> writer.commit(5));
            writer.commit(6);
        }
        WriteAndCommitTest.check(table, new TreeMap<>(Map.of(1L, 1L, 2L, 2L)));
    }

    @Test
    void aFailedSpillMakesTheWriterUnusableInsteadOfLosingRows() throws Exception {
        Table table = table();
        Path notADirectory = Files.writeString(directory.resolve("file"), "x");
        WriterSettings settings = new WriterSettings(0, 1, new DataSize(2_000), notADirectory.resolve("spill"));
        try (TableWriter writer = TableWriter.forEngine(table, settings)) {
            Exception first = assertThrows(Exception.class, () -> {
                for (long i = 0; i < 10_000; i++) {
                    writer.write(RowKind.INSERT, Row.of(i, i));
                }
            });
            assertTrue(!(first instanceof IllegalStateException), first.toString());
            assertThrows(IllegalStateException.class, () -> writer.write(RowKind.INSERT, Row.of(1L, 1L)));
            assertThrows(IllegalStateException.class, writer::flush);
        }
        assertEquals(Optional.empty(), table.snapshots().latest());
    }

    @Test
    void aRowWhoseGetterFailsLeavesNoHalfRow() throws Exception {
        Table table = table();
        RowView broken = new RowView() {
            @Override
            public boolean isNull(int column) {
                return false;
            }

            @Override
            public boolean getBoolean(int column) {
                throw new ClassCastException("boolean");
            }

            @Override
            public int getInt(int column) {
                throw new ClassCastException("int");
            }

            @Override
            public long getLong(int column) {
                if (column == 1) {
                    throw new ClassCastException("planted");
                }
                return 7;
            }

            @Override
            public float getFloat(int column) {
                throw new ClassCastException("float");
            }

            @Override
            public double getDouble(int column) {
                throw new ClassCastException("double");
            }

            @Override
            public byte[] getBytes(int column) {
                throw new ClassCastException("bytes");
            }
        };
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            writer.write(RowKind.INSERT, Row.of(1L, null));
            assertThrows(ClassCastException.class, () -> writer.write(RowKind.INSERT, broken));
            writer.write(RowKind.INSERT, Row.of(2L, 2L));
            writer.commit(1);
        }
        TreeMap<Long, Long> rows =
                WriteAndCommitTest.rows(table, table.snapshots().latest().orElseThrow());
        assertEquals(List.of(1L, 2L), List.copyOf(rows.keySet()));
    }
}
