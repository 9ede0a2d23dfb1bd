package io.streamhouse.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** UPDATE and DELETE in batch, and what subscribers see of them. */
class RowLevelSqlTest {
    @TempDir
    Path warehouse;

    private SqlSession sql;

    @BeforeEach
    void open() {
        sql = new SqlSession(warehouse);
    }

    /** What a subscriber sees of one snapshot, sorted. */
    private List<String> changes(String table, long snapshot) {
        return SqlSession.rows(sql.stream(2, Map.of())
                        .executeSql(
                                ("SELECT * FROM %s /*+ OPTIONS('changelog.shape' = 'full', 'scan.snapshot-id' = '%d',"
                                                + " 'scan.bounded' = '%d') */")
                                        .formatted(table, snapshot, snapshot)))
                .stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /** The newest record of every lease of a table. */
    private static List<Lease> leases(JavaTable t) throws IOException {
        Map<String, String> newest = new TreeMap<>();
        ObjectStore store = t.table().components().store();
        for (ObjectInfo object : store.list("consumers")) {
            String chain = object.path().substring(0, object.path().lastIndexOf('/'));
            newest.merge(chain, object.path(), (a, b) -> a.length() == b.length() ? max(a, b) : longer(a, b));
        }
        List<Lease> out = new ArrayList<>();
        for (String path : newest.values()) {
            out.add(LeaseCodec.read(store.read(path), path));
        }
        return out;
    }

    private static String max(String a, String b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static String longer(String a, String b) {
        return a.length() > b.length() ? a : b;
    }

    private static List<Lease> validLeases(JavaTable t) throws IOException {
        return leases(t).stream().filter(l -> l.validUntilMillis() > 0).toList();
    }

    private String error(String statement) {
        return SqlSession.messages(assertThrows(Throwable.class, () -> sql.run(statement)));
    }

    @Test
    void updateReplacesTheRowsThatItsConditionNames() throws Exception {
        sql.run("CREATE TABLE t (k INT, price DECIMAL(15, 2), discount DECIMAL(15, 2), revenue DECIMAL(15, 4),"
                + " PRIMARY KEY (k) NOT ENFORCED) WITH ('bucket' = '3')");
        sql.run("INSERT INTO t VALUES (1, 10.00, 0.10, 9.0000), (2, 20.00, 0.50, 0.0000), (3, 5.00, 0.00, 1.0000),"
                + " (4, 8.00, 0.25, 6.0000)");
        sql.run("UPDATE t SET revenue = price * (1 - discount) WHERE revenue <> price * (1 - discount)");
        assertEquals(
                List.of(
                        "+I[1, 10.00, 0.10, 9.0000]",
                        "+I[2, 20.00, 0.50, 10.0000]",
                        "+I[3, 5.00, 0.00, 5.0000]",
                        "+I[4, 8.00, 0.25, 6.0000]"),
                sql.query("SELECT * FROM t"));
        assertEquals(
                List.of(
                        "+U[2, 20.00, 0.50, 10.0000]",
                        "+U[3, 5.00, 0.00, 5.0000]",
                        "-U[2, 20.00, 0.50, 0.0000]",
                        "-U[3, 5.00, 0.00, 1.0000]"),
                changes("t", 2));
        assertEquals(List.of("+I[APPEND]", "+I[ROW_DELTA]"), sql.query("SELECT commit_kind FROM t$snapshots"));
        // nothing to correct any more, so nothing is published
        sql.run("UPDATE t SET revenue = price * (1 - discount) WHERE revenue <> price * (1 - discount)");
        assertEquals(List.of("+I[2]"), sql.query("SELECT COUNT(*) FROM t$snapshots"));
        try (JavaTable t = new JavaTable(warehouse, "t")) {
            Jobs.await("leases are given back", () -> validLeases(t).isEmpty());
            assertEquals(2, leases(t).size(), "statements that had a snapshot to pin");
        }
    }
}
