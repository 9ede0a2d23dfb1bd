package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.RowKind;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.TableModel.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TableModelTest {
    private final TableModel model = new TableModel(TableModel.naturalOrder());

    @Test
    void theLastWriteOfAKeyCounts() {
        assertEquals(1, model.commit(List.of(upsert(2, "b"), upsert(1, "a"), upsert(2, "c"), delete(1))));
        assertEquals("{[2]=[2, c]}", model.rows(1).toString());
        assertEquals("{}", model.rows(0).toString());
    }

    @Test
    void everySnapshotStaysAsItWas() {
        model.commit(List.of(upsert(1, "a")));
        model.commit(List.of(upsert(1, "b"), upsert(2, "x")));
        assertEquals(3, model.commitNothing());
        model.commit(List.of(delete(1)));
        assertEquals(5, model.rollback(1));
        assertEquals("{[1]=[1, a]}", model.rows(1).toString());
        assertEquals("{[1]=[1, b], [2]=[2, x]}", model.rows(2).toString());
        assertEquals(model.rows(2), model.rows(3));
        assertEquals("{[2]=[2, x]}", model.rows(4).toString());
        assertEquals(model.rows(1), model.rows(5));
        assertEquals(5, model.head());
        assertThrows(IllegalArgumentException.class, () -> model.rows(6));
    }

    @Test
    void changesAreTheDifferenceOfEachSnapshotToTheOneBefore() {
        model.commit(List.of(upsert(1, "a"), upsert(2, "x"), upsert(3, "same")));
        model.commit(List.of(upsert(1, "b"), delete(2), upsert(3, "same"), upsert(4, "new"), delete(9)));
        assertEquals(
                List.of(
                        new ModelChange(2, RowKind.UPDATE_BEFORE, key(1), row(1, "a")),
                        new ModelChange(2, RowKind.UPDATE_AFTER, key(1), row(1, "b")),
                        new ModelChange(2, RowKind.DELETE, key(2), row(2, "x")),
                        new ModelChange(2, RowKind.INSERT, key(4), row(4, "new"))),
                model.changes(1, 2));
        assertEquals(List.of(), model.changes(2, 2));
        assertEquals(3 + 4, model.changes(0, 2).size());
    }

    @Test
    void netChangesCollapseARange() {
        model.commit(List.of(upsert(1, "a")));
        model.commit(List.of(upsert(1, "b"), upsert(2, "x")));
        model.commit(List.of(upsert(1, "a"), delete(2), upsert(3, "y")));
        assertEquals(List.of(new ModelChange(3, RowKind.INSERT, key(3), row(3, "y"))), model.netChanges(1, 3));
    }

    @Test
    void everyRangeOfARandomHistoryReplays() {
        RandomGenerator random = Seeds.random(Seeds.of("TableModelTest"));
        for (int commit = 0; commit < 30; commit++) {
            List<Write> writes = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                int key = random.nextInt(15);
                writes.add(random.nextInt(3) == 0 ? delete(key) : upsert(key, "v" + random.nextInt(4)));
            }
            model.commit(writes);
        }
        for (long from = 0; from <= model.head(); from++) {
            for (long to = from; to <= model.head(); to++) {
                model.checkReplay(from, to, model.changes(from, to));
                model.checkReplay(from, to, model.netChanges(from, to));
            }
        }
    }

    @Test
    void aChangelogThatDoesNotFitIsRefused() {
        model.commit(List.of(upsert(1, "a"), upsert(2, "b")));
        model.commit(List.of(upsert(1, "c"), delete(2), upsert(3, "d")));
        List<ModelChange> right = model.changes(1, 2);
        for (int dropped = 0; dropped < right.size(); dropped++) {
            List<ModelChange> changes = new ArrayList<>(right);
            ModelChange change = changes.remove(dropped);
            assertThrows(AssertionError.class, () -> model.checkReplay(1, 2, changes), "without " + change);
        }
        for (int doubled = 0; doubled < right.size(); doubled++) {
            List<ModelChange> changes = new ArrayList<>(right);
            changes.add(doubled, right.get(doubled));
            assertThrows(AssertionError.class, () -> model.checkReplay(1, 2, changes), "twice " + right.get(doubled));
        }
        for (int wrong = 0; wrong < right.size(); wrong++) {
            List<ModelChange> changes = new ArrayList<>(right);
            ModelChange change = right.get(wrong);
            changes.set(wrong, new ModelChange(2, change.kind(), change.key(), row(0, "wrong")));
            assertThrows(AssertionError.class, () -> model.checkReplay(1, 2, changes), "wrong row of " + change);
        }
    }

    @Test
    void shapeUpsertMayDeleteWhatIsNotThereAndRepeatARow() {
        model.commit(List.of(upsert(1, "a")));
        model.commit(List.of(upsert(1, "b")));
        List<ModelChange> changes = List.of(
                new ModelChange(2, RowKind.DELETE, key(7), row(7, null)),
                new ModelChange(2, RowKind.UPDATE_AFTER, key(1), row(1, "b")),
                new ModelChange(2, RowKind.UPDATE_AFTER, key(1), row(1, "b")));
        model.checkRows(2, model.replayUpsert(1, changes));
        List<ModelChange> before = List.of(new ModelChange(2, RowKind.UPDATE_BEFORE, key(1), row(1, "a")));
        assertThrows(AssertionError.class, () -> model.replayUpsert(1, before));
    }

    @Test
    void aDifferenceNamesTheKey() {
        model.commit(List.of(upsert(1, "a"), upsert(2, "b")));
        var actual = new TreeMap<List<Object>, List<Object>>(TableModel.naturalOrder());
        actual.put(key(1), row(1, "a"));
        AssertionError missing = assertThrows(AssertionError.class, () -> model.checkRows(1, actual));
        assertTrue(missing.getMessage().contains("key [2]"), missing.getMessage());
        actual.put(key(2), row(2, "b"));
        model.checkRows(1, actual);
        actual.put(key(3), row(3, "c"));
        AssertionError extra = assertThrows(AssertionError.class, () -> model.checkRows(1, actual));
        assertTrue(extra.getMessage().contains("key [3]"), extra.getMessage());
    }

    @Test
    void nullsAndByteArraysAreValues() {
        model.commit(List.of(Write.upsert(key(1), Arrays.asList(1, null, new byte[] {1, 2}))));
        model.commit(List.of(Write.upsert(key(1), Arrays.asList(1, null, new byte[] {1, 2}))));
        assertEquals(List.of(), model.changes(1, 2));
        model.commit(List.of(Write.upsert(key(1), Arrays.asList(1, null, new byte[] {1, 3}))));
        assertEquals(2, model.changes(2, 3).size());
    }

    private static Write upsert(int key, String value) {
        return Write.upsert(key(key), row(key, value));
    }

    private static Write delete(int key) {
        return Write.delete(key(key));
    }

    private static List<Object> key(int key) {
        return List.of(key);
    }

    private static List<Object> row(int key, String value) {
        return Arrays.asList(key, value);
    }
}
