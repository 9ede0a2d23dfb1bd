package io.streamhouse.read.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.read.TestTable;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another table's schema in the place of a table's own is named, though it is the same but for its table. */
class SwappedSchemaTest {
    private static final String SCHEMA = "schema/0.json";
    private static final String ROOT = "shop.db/orders/";

    private static TestTable table(long seed) throws IOException {
        TestTable t = new TestTable(TestTable.orders(1), seed, 1);
        for (long id = 0; id < 4; id++) {
            t.commit(0, List.of(t.upsert("r", id, "s", BigDecimal.valueOf(id, 2), 0.5)));
        }
        return t;
    }

    @Test
    void verifyNamesTheSchema() throws IOException {
        try (TestTable t = table(3);
                TestTable other = table(4)) {
            t.bytes.put(ROOT + SCHEMA, other.bytes.read(ROOT + SCHEMA));
            VerifyReport report = new TableVerifier(t.open(), text -> {}).verify(VerifyScope.ALL);
            assertFalse(report.isSound());
            assertEquals(1, report.findings().size(), report.findings()::toString);
            Finding found = report.findings().get(0);
            assertEquals(FindingKind.DAMAGED, found.kind(), found::toString);
            assertEquals(SCHEMA, found.object(), found::toString);
            assertTrue(found.problem().contains("another table's"), found::toString);
        }
    }

    @Test
    void nobodyReadsOrCommits() throws IOException {
        try (TestTable t = table(3);
                TestTable other = table(4)) {
            t.bytes.put(ROOT + SCHEMA, other.bytes.read(ROOT + SCHEMA));
            StreamhouseException e = assertThrows(
                    StreamhouseException.class, () -> t.open().snapshots().latest());
            assertEquals(ErrorCode.CORRUPT_FILE, e.code());
            assertTrue(e.getMessage().contains(SCHEMA), e.getMessage());
        }
    }
}
