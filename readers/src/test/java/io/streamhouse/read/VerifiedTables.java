package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.FindingKind;
import io.streamhouse.read.verify.TableVerifier;
import io.streamhouse.read.verify.VerifyReport;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.random.RandomGenerator;

/** Tables to be verified, and what the verifier has to say of them. */
final class VerifiedTables {
    static final String ROOT = "shop.db/orders/";

    private VerifiedTables() {}

    static VerifyReport verify(TestTable t, VerifyScope scope) throws IOException {
        return new TableVerifier(t.open(), text -> {}).verify(scope);
    }

    static void assertSound(TestTable t) throws IOException {
        for (VerifyScope scope : List.of(VerifyScope.ALL.deeply(), VerifyScope.newest(2))) {
            VerifyReport report = verify(t, scope);
            assertEquals(List.of(), report.findings());
            assertTrue(report.dataCompared() && report.isSound());
            assertEquals(t.table.snapshots().latest().orElseThrow().totals().rowCount(), report.rows());
        }
    }

    /** The one finding there is. */
    static Finding only(TestTable t, VerifyScope scope) throws IOException {
        VerifyReport report = verify(t, scope);
        assertEquals(1, report.findings().size(), report.findings().toString());
        return report.findings().get(0);
    }

    static void assertFound(TestTable t, VerifyScope scope, FindingKind kind, String object, String problem)
            throws IOException {
        Finding found = only(t, scope);
        assertEquals(kind, found.kind(), found.toString());
        assertEquals(object, found.object(), found.toString());
        assertTrue(found.problem().contains(problem), found.problem());
    }

    static TestTable random(TableSchema schema, int commits) throws IOException {
        TestTable t = new TestTable(schema, 11, 1);
        RandomGenerator random = Seeds.random(Seeds.of("verify", 4));
        for (int i = 0; i < commits; i++) {
            t.commit(0, t.randomWrites(random, 60, 200));
        }
        return t;
    }

    /** One bucket; the keys 1 to 5, then 1 again, then 5 deleted, then 100: masks of one row each stand inline. */
    static TestTable small(int buckets) throws IOException {
        TestTable t = new TestTable(TestTable.orders(buckets), 5, 1);
        t.commit(row(t, 1), row(t, 2), row(t, 3), row(t, 4), row(t, 5));
        t.commit(row(t, 1));
        t.commit(t.delete("r", 5L, null, null, null));
        t.commit(row(t, 100));
        return t;
    }

    static Write row(TestTable t, long id) {
        return t.upsert("r", id, "s", BigDecimal.valueOf(id, 2), 0.5);
    }
}
