package io.streamhouse.read.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.read.TestTable;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a newer version has written is no damage, and nobody is sent to a backup for it. */
class NewerVersionTest {
    private static final String ROOT = "shop.db/orders/";

    private static TestTable table() throws IOException {
        TestTable t = new TestTable(TestTable.orders(1), 3, 1);
        for (long id = 0; id < 4; id++) {
            t.commit(0, List.of(t.upsert("r", id, "s", BigDecimal.valueOf(id, 2), 0.5)));
        }
        return t;
    }

    /** Lets a record say version 2, with a checksum that is right. */
    private static void renew(TestTable t, String object) throws IOException {
        String text = new String(t.bytes.read(ROOT + object), StandardCharsets.UTF_8);
        String line = text.substring(0, text.indexOf('\n')).replace("\"format-version\":1", "\"format-version\":2");
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        String trailer =
                "{\"length\":%d,\"crc32c\":\"%s\"}".formatted(bytes.length, Checksums.hex(Checksums.crc32c(bytes)));
        t.bytes.put(ROOT + object, (line + "\n" + trailer + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void assertUpgrade(String object, List<Finding> findings) {
        assertEquals(1, findings.size(), findings::toString);
        Finding found = findings.get(0);
        assertEquals(FindingKind.NEWER, found.kind(), found::toString);
        assertEquals(object, found.object(), found::toString);
        assertTrue(
                found.advice().contains("nothing is damaged") && found.advice().contains("upgrade"), found::toString);
        assertFalse(found.advice().contains("backup") || found.advice().contains("roll back"), found::toString);
    }

    @Test
    void aNewerSnapshotAsksForAnUpgrade() throws IOException {
        try (TestTable t = table()) {
            String newest = SnapshotChain.objectPath(
                    t.open().snapshots().latest().orElseThrow().id());
            renew(t, newest);
            VerifyReport report = new TableVerifier(t.open(), text -> {}).verify(VerifyScope.ALL);
            assertFalse(report.isSound());
            assertUpgrade(newest, report.findings());
        }
    }

    @Test
    void aNewerSchemaAsksForAnUpgrade() throws IOException {
        try (TestTable t = table()) {
            renew(t, "schema/0.json");
            StreamhouseException e = assertThrows(StreamhouseException.class, t::open);
            assertUpgrade("schema/0.json", TableVerifier.ofUnopened(e).findings());
        }
    }

    @Test
    void damageBesideItStillNamesTheSnapshotToRollBackTo() throws IOException {
        Findings findings = new Findings();
        findings.at("snapshot/a", 2, () -> {
            throw StreamhouseException.unknownVersion("snapshot/a", "format version 2");
        });
        findings.at("snapshot/b", 5, () -> {
            throw StreamhouseException.corrupt("snapshot/b", "planted");
        });
        List<Finding> all = findings.list(1);
        assertEquals(
                List.of(FindingKind.NEWER, FindingKind.DAMAGED),
                all.stream().map(Finding::kind).toList());
        assertTrue(all.get(1).advice().contains("roll back to snapshot 4"), all::toString);
    }
}
