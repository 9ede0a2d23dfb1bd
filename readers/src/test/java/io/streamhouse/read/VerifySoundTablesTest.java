package io.streamhouse.read;

import static io.streamhouse.read.VerifiedTables.assertSound;
import static io.streamhouse.read.VerifiedTables.random;
import static io.streamhouse.read.VerifiedTables.small;
import static io.streamhouse.read.VerifiedTables.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import io.streamhouse.write.Rollback;
import io.streamhouse.write.SnapshotPin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A sound table is found sound, whatever was done to it. */
class VerifySoundTablesTest {
    @Test
    void tablesOfEveryShapeAreSound() throws IOException {
        for (FileFormat format : FileFormat.values()) {
            for (List<String> partitions : List.of(List.<String>of(), List.of("region"))) {
                if (format == FileFormat.ORC && partitions.isEmpty()) {
                    continue;
                }
                try (TestTable t = random(TestTable.orders(partitions, 3, format), 16)) {
                    new HandMadeCompaction(t, e -> e.bornIn() % 2 == 0).commit();
                    assertSound(t);
                    Rollback.to(t.open(), 9, SnapshotPin.NONE).commit();
                    assertSound(t);
                    t.commit(0, t.randomWrites(Seeds.random(9), 60, 200));
                    Overwrite.of(t.open(), new Extent.Everything()).commit(Overwrite.withoutRows(t.open()));
                    assertSound(t);
                }
            }
        }
    }

    @Test
    void aTableWithoutKeyIsSound() throws IOException {
        TableSchema events = TableSchema.create(
                List.of(new Field(1, "number", DataType.bigint(), true), new Field(2, "text", DataType.string(), true)),
                List.of(),
                List.of(),
                List.of(),
                2,
                Map.of());
        try (TestTable t = new TestTable(events, 31, 1)) {
            for (long c = 0; c < 5; c++) {
                List<Write> writes = new ArrayList<>();
                for (long r = 0; r < 50; r++) {
                    writes.add(new Write(List.of(), Optional.of(Arrays.asList(r / 2, r % 5 == 0 ? null : "t"))));
                }
                t.commit(0, writes);
            }
            assertSound(t);
        }
    }

    @Test
    void aTableWithoutSnapshotsIsSoundAndOneThatWasNeverThereIsAnError() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(2), 1, 0)) {
            assertTrue(verify(t, VerifyScope.ALL).isSound());
        }
        try (TestTable t = random(TestTable.orders(2), 3)) {
            assertThrows(RuntimeException.class, () -> verify(t, VerifyScope.of(77)));
        }
    }

    @Test
    void aKeyThatIsWideIsPrintedAndMerged() throws IOException {
        try (TestTable t = random(TestTable.orders(List.of("region"), 1), 10)) {
            assertSound(t); // its key is text and a number: byte strings
        }
    }

    @Test
    void verifyingWritesNothing() throws IOException {
        try (TestTable t = small(2)) {
            List<ObjectInfo> objects = t.bytes.list("");
            verify(t, VerifyScope.ALL.deeply());
            assertEquals(objects, t.bytes.list(""));
        }
    }
}
