package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.log.Bound;
import io.streamhouse.log.Start;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Every kind of object that a read opens, damaged at random: the answer of a scan, of time travel and of a subscription is
 * the right one or a typed error that names the object, never another answer and never another error.
 */
class DamagedReadsTest {
    private static final Set<ErrorCode> CODES =
            Set.of(ErrorCode.CORRUPT_FILE, ErrorCode.MISSING_FILE, ErrorCode.UNKNOWN_VERSION);
    /** Commits that the subscription reads; their before-images stand in files of all ages. */
    private static final int CHANGES = 6;

    private static final String ROOT = "shop.db/orders/";

    private final RandomGenerator random = Seeds.random(Seeds.of("damaged-reads"));
    private final EnumMap<ErrorCode, Integer> refusals = new EnumMap<>(ErrorCode.class);

    /** How an object is damaged. */
    private enum Damage {
        FLIP,
        CUT,
        CLEAR,
        GROW,
        SWAP,
        LOSE
    }

    private List<Write> writes(TestTable t, int n, int keys) {
        List<Write> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            long id = n > keys / 2 ? i % keys : random.nextInt(keys);
            Object[] row = {"r" + id % 3, id, "s" + random.nextInt(9), BigDecimal.valueOf(random.nextInt(999), 2), 0.5};
            out.add(random.nextInt(5) == 0 ? t.delete(row) : t.upsert(row));
        }
        return out;
    }

    /** Commits with masks of their own object, delete blocks in data files, and a manifest. */
    private TestTable history() throws IOException {
        TestTable t = new TestTable(TestTable.orders(40), 7, 1);
        for (int commit = 0; commit < 40; commit++) {
            boolean large = commit == 1 || commit == 2;
            t.commit(0, writes(t, large ? 11_000 : 60, 11_000));
        }
        return t;
    }

    private static List<String> objects(TestTable t, String kind) throws IOException {
        return t.bytes.list(ROOT + kind).stream().map(ObjectInfo::path).toList();
    }

    private void damage(TestTable t, String path, Damage damage, List<String> others) throws IOException {
        byte[] bytes = t.bytes.read(path);
        switch (damage) {
            case FLIP -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                t.bytes.put(path, bytes);
            }
            case CUT -> t.bytes.put(path, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case CLEAR -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(512)), (byte) 0);
                t.bytes.put(path, bytes);
            }
            case GROW -> t.bytes.put(path, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64)));
            case SWAP -> t.bytes.put(path, t.bytes.read(others.get(random.nextInt(others.size()))));
            case LOSE -> t.bytes.delete(path);
        }
    }

    /** Runs a read; true if it gave its (right) answer. */
    private boolean isRightOrRefused(String path, String what, Read read) throws IOException {
        try {
            read.check();
            return true;
        } catch (StreamhouseException e) {
            assertTrue(CODES.contains(e.code()), what + ": " + e.getMessage());
            String name = path.substring(path.lastIndexOf('/') + 1);
            // a snapshot that is another's, or damaged, may be noticed by its neighbour
            assertTrue(e.getMessage().contains(name) || path.contains("/snapshot/"), what + ": " + e.getMessage());
            refusals.merge(e.code(), 1, Integer::sum);
            return false;
        }
    }

    private interface Read {
        void check() throws IOException;
    }

    /** What reads of the whole table answer, checked against the model once. */
    private record Answers(long then, List<List<Object>> now, List<List<Object>> past, List<ModelChange> changes) {
        static Answers of(TestTable t, long then) throws IOException {
            Answers right = new Answers(then, scan(t), past(t, then), changes(t));
            t.model.checkRows(t.model.head(), t.keyed(right.now));
            t.model.checkRows(then, t.keyed(right.past));
            t.model.checkReplay(t.model.head() - CHANGES, t.model.head(), right.changes);
            return right;
        }

        static List<List<Object>> scan(TestTable t) throws IOException {
            return TestTable.rows(TableScan.of(t.open()));
        }

        static List<List<Object>> past(TestTable t, long snapshot) throws IOException {
            return TestTable.rows(TableScan.of(t.open()).snapshot(snapshot));
        }

        static List<ModelChange> changes(TestTable t) throws IOException {
            long first = t.model.head() - CHANGES + 1;
            Changelog changelog =
                    Changelog.of(t.open()).from(Start.fromSnapshot(first)).until(Bound.latest());
            try (ChangelogReader reader = changelog.open()) {
                return t.drain(reader);
            }
        }
    }

    @Test
    void everyReadOfADamagedTableIsRightOrATypedError() throws IOException {
        try (TestTable t = history()) {
            Answers right = Answers.of(t, t.model.head() / 2);
            int cases = 0;
            int answered = 0;
            for (String kind : List.of("snapshot", "data", "manifest", "mask")) {
                List<String> all = objects(t, kind);
                assertTrue(all.size() > 0, "no object in " + kind);
                // most snapshots of the history are read by nobody here
                List<String> objects = kind.equals("snapshot") ? all.subList(all.size() - CHANGES, all.size()) : all;
                int before = answered;
                int inKind = 0;
                for (int round = 0; round < 12; round++) {
                    String path = objects.get(random.nextInt(objects.size()));
                    Damage damage = Damage.values()[round % Damage.values().length];
                    if (kind.equals("snapshot") && damage == Damage.LOSE) {
                        continue; // a slot without snapshot is one that nobody has published yet
                    }
                    byte[] whole = t.bytes.read(path);
                    damage(t, path, damage, objects);
                    answered += allRight(t, right, path, damage + " " + path) ? 1 : 0;
                    inKind++;
                    t.bytes.put(path, whole);
                }
                cases += inKind;
                String what = "%d of %d damages to %s objects were not met by any read";
                assertTrue(answered - before < inKind, what.formatted(answered - before, inKind, kind));
            }
            assertTrue(answered < cases / 2, answered + " of " + cases + " damages were not met by any read");
            assertEquals(Set.of(ErrorCode.CORRUPT_FILE, ErrorCode.MISSING_FILE), new TreeSet<>(refusals.keySet()));
        }
    }

    private boolean allRight(TestTable t, Answers right, String path, String what) throws IOException {
        boolean all = isRightOrRefused(path, what, () -> assertTrue(right.now.equals(Answers.scan(t)), what));
        all &= isRightOrRefused(path, what, () -> assertTrue(right.past.equals(Answers.past(t, right.then)), what));
        all &= isRightOrRefused(path, what, () -> assertTrue(right.changes.equals(Answers.changes(t)), what));
        return all;
    }
}
