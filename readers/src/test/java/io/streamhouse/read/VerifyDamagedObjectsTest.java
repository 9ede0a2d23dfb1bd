package io.streamhouse.read;

import static io.streamhouse.read.VerifiedTables.ROOT;
import static io.streamhouse.read.VerifiedTables.assertFound;
import static io.streamhouse.read.VerifiedTables.assertSound;
import static io.streamhouse.read.VerifiedTables.only;
import static io.streamhouse.read.VerifiedTables.random;
import static io.streamhouse.read.VerifiedTables.verify;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.read.verify.Finding;
import io.streamhouse.read.verify.FindingKind;
import io.streamhouse.read.verify.VerifyScope;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Objects that are lost or damaged are named, and nothing else. */
class VerifyDamagedObjectsTest {
    /** What damages an object, and what is found then. */
    private record Damage(FindingKind kind, String what) {
        void to(TestTable t, String path, byte[] bytes) throws IOException {
            switch (what) {
                case "lost" -> t.bytes.delete(path);
                case "shortened" -> t.bytes.put(path, Arrays.copyOf(bytes, bytes.length - 7));
                case "longer" -> t.bytes.put(path, Arrays.copyOf(bytes, bytes.length + 7));
                default -> {
                    byte[] flipped = bytes.clone();
                    flipped[what.equals("flipped early") ? bytes.length / 3 : bytes.length - 5] ^= 4;
                    t.bytes.put(path, flipped);
                }
            }
        }
    }

    private static final List<Damage> DAMAGES = List.of(
            new Damage(FindingKind.MISSING, "lost"),
            new Damage(FindingKind.DAMAGED, "shortened"),
            new Damage(FindingKind.DAMAGED, "longer"),
            new Damage(FindingKind.DAMAGED, "flipped early"),
            new Damage(FindingKind.DAMAGED, "flipped late"));

    /** Objects of a kind, as paths below the table. */
    private static List<String> objects(TestTable t, String kind) throws IOException {
        return t.bytes.list(ROOT + kind).stream()
                .map(ObjectInfo::path)
                .filter(p -> !p.endsWith("hint"))
                .map(p -> p.substring(ROOT.length()))
                .toList();
    }

    /** Many small commits for manifests, two large ones for a mask object. */
    private static TestTable history() throws IOException {
        TestTable t = new TestTable(TestTable.orders(40), 7, 1);
        RandomGenerator random = Seeds.random(3);
        for (int commit = 0; commit < 24; commit++) {
            List<Write> writes = new ArrayList<>();
            boolean large = commit == 1 || commit == 2;
            for (int i = 0; i < (large ? 9_000 : 60); i++) {
                long id = large ? i : random.nextInt(9_000);
                writes.add(t.upsert("r" + id % 3, id, "s" + commit, BigDecimal.valueOf(id, 2), 0.5));
            }
            t.commit(0, writes);
        }
        return t;
    }

    @Test
    void everyDamagedObjectIsNamed() throws IOException {
        try (TestTable t = history()) {
            assertSound(t);
            for (String kind : List.of("data", "manifest", "mask", "snapshot")) {
                List<String> all = objects(t, kind);
                assertTrue(!all.isEmpty(), kind);
                String object = all.get(all.size() / 2);
                byte[] whole = t.bytes.read(ROOT + object);
                for (Damage damage : DAMAGES) {
                    if (kind.equals("mask") && damage.what.equals("longer")) {
                        continue; // ranges of it are named, and what stands behind them is nobody's
                    }
                    damage.to(t, ROOT + object, whole);
                    Finding found = only(t, kind.equals("data") ? VerifyScope.ALL.deeply() : VerifyScope.ALL);
                    assertEquals(object, found.object(), damage + ": " + found);
                    assertEquals(damage.kind, found.kind(), found.toString());
                    assertTrue(found.advice().contains("restore " + object), found.advice());
                    t.bytes.put(ROOT + object, whole);
                }
            }
        }
    }

    @Test
    void aDamagedValueIsFoundWithoutReadingDeeply() throws IOException {
        try (TestTable t = history()) {
            String object = null;
            for (FileEntry e : t.open()
                    .snapshots()
                    .tree(t.table.snapshots().latest().orElseThrow())
                    .entries()) {
                if (e.file().rowCount() > 5_000) {
                    object = e.file().object().path();
                    byte[] bytes = t.bytes.read(ROOT + object);
                    bytes[(int) e.file().rowGroups().get(0).chunks().get(3).offset() + 30] ^= 1;
                    t.bytes.put(ROOT + object, bytes);
                    break;
                }
            }
            Finding found = only(t, VerifyScope.ALL);
            assertEquals(object, found.object(), found.toString());
            assertTrue(found.advice().contains("roll back to snapshot " + (found.snapshot() - 1)), found.advice());
        }
    }

    @Test
    void swappedFilesAreBothNamed() throws IOException {
        try (TestTable t = history()) {
            List<String> data = objects(t, "data");
            byte[] one = t.bytes.read(ROOT + data.get(0));
            byte[] other = t.bytes.read(ROOT + data.get(1));
            t.bytes.put(ROOT + data.get(0), other);
            t.bytes.put(ROOT + data.get(1), one);
            List<String> named = verify(t, VerifyScope.ALL).findings().stream()
                    .map(Finding::object)
                    .sorted()
                    .toList();
            assertEquals(data.subList(0, 2), named);
        }
    }

    @Test
    void theSchemaAndTheBoundaryAreRead() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            t.bytes.put(ROOT + "boundary/1", new byte[] {1, 2, 3});
            assertEquals("boundary/1", only(t, VerifyScope.ALL).object());
        }
    }

    /** A chain that ends too early is whole; only the hint, or the boundary, knows that there was more. */
    @Test
    void theNewestSnapshotsAreMissed() throws IOException {
        for (boolean all : new boolean[] {false, true}) {
            try (TestTable t = random(TestTable.orders(2), 3)) {
                String hint = ROOT + "snapshot/hint";
                long head = t.table.snapshots().latest().orElseThrow().id();
                t.bytes.put(hint, Long.toString(head).getBytes(StandardCharsets.US_ASCII));
                for (long id = all ? 1 : head; id <= head; id++) {
                    t.bytes.delete(ROOT + SnapshotChain.objectPath(id));
                }
                Finding finding = only(t, VerifyScope.ALL);
                assertEquals(FindingKind.MISSING, finding.kind());
                assertEquals(SnapshotChain.objectPath(head), finding.object());
            }
        }
    }

    @Test
    void aDamagedLeaseIsNamedAndMayBeDeleted() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            String path = "consumers/lease-00000000-0000-4000-8000-000000000001/2";
            t.bytes.put(ROOT + path, new byte[] {1, 2, 3});
            assertFound(t, VerifyScope.ALL, FindingKind.DAMAGED, path, "end of line");
            assertTrue(only(t, VerifyScope.ALL).advice().startsWith("delete " + path));
            assertTrue(verify(t, VerifyScope.ALL).dataCompared());
        }
    }

    @Test
    void newestSnapshotsThatAreGoneAreFoundByTheHint() throws IOException {
        try (TestTable t = random(TestTable.orders(2), 3)) {
            long head = t.open().snapshots().latest().orElseThrow().id();
            byte[] hint = Long.toString(head).getBytes(StandardCharsets.US_ASCII);
            t.bytes.put(ROOT + "snapshot/hint", hint);
            assertSound(t);
            String newest = SnapshotChain.objectPath(head);
            t.bytes.delete(ROOT + newest);
            assertFound(t, VerifyScope.ALL, FindingKind.MISSING, newest, "snapshot %d, the newest is".formatted(head));
            assertTrue(verify(t, VerifyScope.of(head - 1)).isSound());
            t.bytes.delete(ROOT + "snapshot/hint");
            assertTrue(verify(t, VerifyScope.ALL).isSound(), "nothing else tells");
        }
    }
}
