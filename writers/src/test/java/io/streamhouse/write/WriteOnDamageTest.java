package io.streamhouse.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * A writer that meets damage either commits what is right or stops with a typed error: once the damaged object is whole
 * again, the table holds what was acknowledged and nothing else.
 */
class WriteOnDamageTest {
    private static final TableName NAME = TableName.of("db", "t");
    private static final Set<ErrorCode> CODES =
            Set.of(ErrorCode.CORRUPT_FILE, ErrorCode.MISSING_FILE, ErrorCode.UNKNOWN_VERSION);

    private final RandomGenerator random = Seeds.random(Seeds.of("write-on-damage"));
    private final ObjectStore origin = ObjectStores.memory();
    private final TreeMap<Long, Long> model = new TreeMap<>();
    private int refusals;

    private static Table open(ObjectStore store) throws IOException {
        return Catalogs.open(Components.system(store)).table(NAME);
    }

    /** A table with deltas large enough for mask objects, blocks in data files and a manifest. */
    private void fill() throws IOException {
        Catalog catalog = Catalogs.open(Components.system(origin));
        catalog.createDatabase("db", false);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        Table table = catalog.createTable(
                NAME, TableSchema.create(fields, List.of("id"), List.of(), List.of(), 40, Map.of()));
        try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
            for (int commit = 1; commit <= 60; commit++) {
                int n = commit == 2 || commit == 3 ? 20_000 : 30;
                for (int i = 0; i < n; i++) {
                    write(writer, commit == 2 ? i : random.nextInt(20_000), random.nextInt(4) == 0, commit);
                }
                writer.commit(commit);
            }
        }
    }

    private void write(TableWriter writer, long key, boolean delete, long value) throws IOException {
        writer.write(delete ? RowKind.DELETE : RowKind.INSERT, Row.of(key, delete ? null : value));
        if (delete) {
            model.remove(key);
        } else {
            model.put(key, value);
        }
    }

    private static ObjectStore copy(ObjectStore from) throws IOException {
        ObjectStore to = ObjectStores.memory();
        for (ObjectInfo o : from.list("")) {
            to.put(o.path(), from.read(o.path()));
        }
        return to;
    }

    /** The object's bytes flipped, cut, cleared or gone. */
    private Optional<byte[]> damaged(byte[] whole) {
        byte[] bytes = whole.clone();
        return switch (random.nextInt(5)) {
            case 0, 1 -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                yield Optional.of(bytes);
            }
            case 2 -> Optional.of(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 3 -> {
                int from = random.nextInt(bytes.length);
                int to = Math.min(bytes.length, from + 1 + random.nextInt(512));
                for (int i = from; i < to; i++) {
                    bytes[i] ^= 0x55;
                }
                yield Optional.of(bytes);
            }
            default -> Optional.empty();
        };
    }

    /** Upserts and deletes over the whole key space on a damaged copy, then the check on the mended one. */
    private void writeOn(String path, Optional<byte[]> damage) throws Exception {
        ObjectStore store = copy(origin);
        TreeMap<Long, Long> after = new TreeMap<>(model);
        byte[] whole = store.read(path);
        if (damage.isPresent()) {
            store.put(path, damage.get());
        } else {
            store.delete(path);
        }
        boolean acknowledged = false;
        try (TableWriter writer = TableWriter.open(open(store), CommitUser.fresh())) {
            for (int i = 0; i < 200; i++) {
                long key = random.nextInt(20_000);
                boolean delete = i % 3 == 0;
                writer.write(delete ? RowKind.DELETE : RowKind.INSERT, Row.of(key, delete ? null : -1L));
                if (delete) {
                    after.remove(key);
                } else {
                    after.put(key, -1L);
                }
            }
            writer.commit(1);
            acknowledged = true;
        } catch (StreamhouseException e) {
            if (damage.isPresent() || !path.endsWith("/schema/0.json")) {
                assertTrue(CODES.contains(e.code()), path + ": " + e.getMessage());
                assertTrue(e.getMessage().contains(path.substring(path.lastIndexOf('/') + 1)), e.getMessage());
            } else {
                // what makes a table exist is its first schema
                assertEquals(ErrorCode.TABLE_NOT_FOUND, e.code());
            }
            refusals++;
        }
        store.put(path, whole);
        WriteAndCommitTest.check(open(store), acknowledged ? after : model);
    }

    @Test
    void whatIsAcknowledgedOnADamagedTableIsRightAndEverythingElseIsRefused() throws Exception {
        fill();
        List<String> objects = new ArrayList<>();
        for (ObjectInfo o : origin.list("db.db/t")) {
            objects.add(o.path());
        }
        for (String kind : List.of("snapshot", "schema", "data", "manifest", "mask")) {
            assertFalse(objects.stream().noneMatch(p -> p.startsWith("db.db/t/" + kind + "/")), "no object in " + kind);
        }
        int cases = 0;
        for (String path : objects) {
            boolean oneOfMany = path.contains("/snapshot/") || path.contains("/data/");
            if (oneOfMany && random.nextInt(5) != 0) {
                continue;
            }
            for (int round = 0; round < (oneOfMany ? 2 : 4); round++) {
                Optional<byte[]> damage = damaged(origin.read(path));
                // a slot without snapshot is one that nobody has published yet
                if (damage.isPresent() || !path.contains("/snapshot/")) {
                    writeOn(path, damage);
                    cases++;
                }
            }
        }
        int all = cases;
        assertTrue(refusals > all / 10, () -> refusals + " refusals of " + all + " cases");
        assertEquals(
                model.size(),
                open(origin).snapshots().latest().orElseThrow().totals().rowCount());
    }
}
