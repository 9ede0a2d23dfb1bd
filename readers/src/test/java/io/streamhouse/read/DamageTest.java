package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.log.Start;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Damaged and missing objects are typed errors that name the object, for scans and subscriptions alike. */
class DamageTest {
    private static TestTable history() throws IOException {
        TestTable t = new TestTable(TestTable.orders(2), 41, 1);
        RandomGenerator random = Seeds.random(41);
        for (int c = 0; c < 4; c++) {
            t.commit(0, t.randomWrites(random, 60, 40));
        }
        return t;
    }

    private static List<String> objects(TestTable t, String directory) throws IOException {
        return t.bytes.list("shop.db/orders/" + directory).stream()
                .map(ObjectInfo::path)
                .toList();
    }

    private static void scan(TestTable t) throws IOException {
        TestTable.rows(TableScan.of(t.open()));
    }

    private static void subscribe(TestTable t) throws IOException {
        try (ChangelogReader reader =
                Changelog.of(t.open()).from(Start.earliest()).open()) {
            t.drain(reader);
        }
    }

    private static void named(ErrorCode code, String path, Executable action) {
        StreamhouseException e = assertThrows(StreamhouseException.class, action);
        assertEquals(code, e.code(), e.getMessage());
        String name = path.substring(path.lastIndexOf('/') + 1);
        assertTrue(e.getMessage().contains(name), e.getMessage() + " does not name " + name);
    }

    @Test
    void aMissingDataFileIsNamed() throws IOException {
        try (TestTable t = history()) {
            String file = objects(t, "data").get(0);
            t.bytes.delete(file);
            named(ErrorCode.MISSING_FILE, file, () -> scan(t));
            named(ErrorCode.MISSING_FILE, file, () -> subscribe(t));
        }
    }

    @Test
    void aDataFileCutShortIsNamed() throws IOException {
        try (TestTable t = history()) {
            String file = objects(t, "data").get(0);
            t.bytes.put(file, Arrays.copyOf(t.bytes.read(file), 40));
            named(ErrorCode.CORRUPT_FILE, file, () -> scan(t));
            named(ErrorCode.CORRUPT_FILE, file, () -> subscribe(t));
        }
    }

    @Test
    void aFlippedBitInAnyColumnIsNoticedAndNamed() throws IOException {
        try (TestTable t = history()) {
            String file = objects(t, "data").get(0);
            byte[] whole = t.bytes.read(file);
            int noticed = 0;
            for (int at = 0; at < whole.length; at += 13) {
                byte[] damaged = whole.clone();
                damaged[at] ^= 4;
                t.bytes.put(file, damaged);
                noticed += isNoticed(t, file) ? 1 : 0;
            }
            // magic, footer and its length are not read by scans
            assertTrue(noticed > whole.length / 13 / 4, "only " + noticed + " of " + whole.length / 13);
        }
    }

    /** Either the error, or exactly the right rows: never others. */
    private static boolean isNoticed(TestTable t, String file) throws IOException {
        try {
            t.model.checkRows(t.model.head(), t.keyed(TestTable.rows(TableScan.of(t.table))));
            return false;
        } catch (StreamhouseException e) {
            assertEquals(ErrorCode.CORRUPT_FILE, e.code(), e.getMessage());
            assertTrue(e.getMessage().contains(file.substring(file.lastIndexOf('/') + 1)), e.getMessage());
            return true;
        }
    }

    @Test
    void aDamagedSnapshotIsNamed() throws IOException {
        try (TestTable t = history()) {
            String file = objects(t, "snapshot").get(3);
            byte[] bytes = t.bytes.read(file);
            bytes[bytes.length / 2] ^= 1;
            t.bytes.put(file, bytes);
            named(ErrorCode.CORRUPT_FILE, file, () -> subscribe(t));
        }
    }
}
