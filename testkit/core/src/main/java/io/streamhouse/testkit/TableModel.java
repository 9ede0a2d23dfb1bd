package io.streamhouse.testkit;

import io.streamhouse.spec.RowKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The oracle: a keyed table is a sorted map of key to row, once per snapshot. Keys and rows are lists of values of any
 * type; they are equal if their values are, byte arrays by content. Slow, plain and obviously right. One thread.
 *
 * <p>Snapshot ids are dense from 1, in the order of the calls; snapshot 0 is the empty table.
 */
public final class TableModel {
    /**
     * One write of a commit.
     *
     * @param key the primary key
     * @param row the new row, absent for a delete
     */
    public record Write(List<Object> key, Optional<List<Object>> row) {
        public Write {
            key = frozen(key);
            row = row.map(TableModel::frozen);
        }

        public static Write upsert(List<Object> key, List<Object> row) {
            return new Write(key, Optional.of(row));
        }

        public static Write delete(List<Object> key) {
            return new Write(key, Optional.empty());
        }
    }

    /**
     * One change of the full changelog.
     *
     * @param snapshot snapshot that made it
     * @param kind its kind
     * @param key the primary key
     * @param row the whole row: the old one for UPDATE_BEFORE and DELETE, else the new one
     */
    public record ModelChange(long snapshot, RowKind kind, List<Object> key, List<Object> row) {
        public ModelChange {
            key = frozen(key);
            row = frozen(row);
        }
    }

    private static final Comparator<List<Object>> NATURAL_ORDER = TableModel::compare;

    private final Comparator<? super List<Object>> keyOrder;
    /** Rows by snapshot; they never change, so that snapshots without changes share them. */
    private final List<NavigableMap<List<Object>, List<Object>>> history = new ArrayList<>();

    public TableModel(Comparator<? super List<Object>> keyOrder) {
        this.keyOrder = keyOrder;
        history.add(empty());
    }

    /** Order of keys whose values are {@link Comparable} with those at the same place. */
    public static Comparator<List<Object>> naturalOrder() {
        return NATURAL_ORDER;
    }

    private static int compare(List<Object> one, List<Object> other) {
        if (one == other) {
            return 0;
        }
        int common = Math.min(one.size(), other.size());
        int order = 0;
        for (int i = 0; order == 0 && i < common; i++) {
            @SuppressWarnings("unchecked")
            Comparable<Object> value = (Comparable<Object>) one.get(i);
            order = value.compareTo(other.get(i));
        }
        return order != 0 ? order : Integer.compare(one.size(), other.size());
    }

    /** Id of the newest snapshot, 0 before the first. */
    public long head() {
        return history.size() - 1;
    }

    /** Publishes writes as the next snapshot; of several writes to a key the last counts. Returns its id. */
    public long commit(List<Write> writes) {
        NavigableMap<List<Object>, List<Object>> rows = copy(head());
        for (Write write : writes) {
            write.row().ifPresentOrElse(row -> rows.put(write.key(), row), () -> rows.remove(write.key()));
        }
        return publish(rows);
    }

    /** Publishes a snapshot that changes no row (fence, schema, compaction). */
    public long commitNothing() {
        return publish(at(head()));
    }

    /** Publishes the rows of an older snapshot as the next one. */
    public long rollback(long snapshot) {
        return publish(at(snapshot));
    }

    /** Rows of a snapshot, ascending by key. */
    public NavigableMap<List<Object>, List<Object>> rows(long snapshot) {
        return Collections.unmodifiableNavigableMap(at(snapshot));
    }

    /** The full changelog of the snapshots in (from, to], per snapshot ascending by key; equal rows are no change. */
    public List<ModelChange> changes(long from, long to) {
        List<ModelChange> changes = new ArrayList<>();
        for (long snapshot = from + 1; snapshot <= to; snapshot++) {
            difference(snapshot, at(snapshot - 1), at(snapshot), changes);
        }
        return changes;
    }

    /** What differs between two snapshots, at most one change (or pair) per key, as changes of the later one. */
    public List<ModelChange> netChanges(long from, long to) {
        List<ModelChange> changes = new ArrayList<>();
        difference(to, at(from), at(to), changes);
        return changes;
    }

    /**
     * Applies a full changelog to the rows of a snapshot, as a replica does, and fails on any change that does not fit:
     * an insert of a key that is there, a retraction of a row that is not the replica's, an update in one half.
     */
    public NavigableMap<List<Object>, List<Object>> replayFull(long from, List<ModelChange> changes) {
        NavigableMap<List<Object>, List<Object>> replica = copy(from);
        Set<List<Object>> halfUpdated = new TreeSet<>(keyOrder);
        for (ModelChange change : changes) {
            List<Object> key = change.key();
            boolean half = halfUpdated.remove(key);
            require(half == (change.kind() == RowKind.UPDATE_AFTER), "an update is in one half", change);
            List<Object> held = replica.get(key);
            switch (change.kind()) {
                case INSERT, UPDATE_AFTER -> {
                    require(held == null, "the key is there already", change);
                    replica.put(key, change.row());
                }
                case UPDATE_BEFORE, DELETE -> {
                    require(held != null && sameRow(held, change.row()), "the replica holds " + held, change);
                    replica.remove(key);
                    if (change.kind() == RowKind.UPDATE_BEFORE) {
                        halfUpdated.add(key);
                    }
                }
            }
        }
        if (!halfUpdated.isEmpty()) {
            throw new AssertionError("changelog ends within the updates of the keys " + halfUpdated);
        }
        return replica;
    }

    /** Applies a changelog of shape upsert: deletes count by key, of keys that are not there too. */
    public NavigableMap<List<Object>, List<Object>> replayUpsert(long from, List<ModelChange> changes) {
        NavigableMap<List<Object>, List<Object>> replica = copy(from);
        for (ModelChange change : changes) {
            switch (change.kind()) {
                case INSERT, UPDATE_AFTER -> replica.put(change.key(), change.row());
                case DELETE -> replica.remove(change.key());
                case UPDATE_BEFORE -> require(false, "shape upsert has no such change", change);
            }
        }
        return replica;
    }

    /** Fails unless the rows, in the order of this model, are those of the snapshot; names the first key that differs. */
    public void checkRows(long snapshot, NavigableMap<List<Object>, List<Object>> actual) {
        checkRows(snapshot, actual, row -> row);
    }

    /**
     * The same of what holds rows.
     *
     * @param actual in the order of this model
     * @param row the row of a value
     */
    public <V> void checkRows(
            long snapshot, NavigableMap<List<Object>, V> actual, Function<? super V, List<Object>> row) {
        SideBySide.walk(at(snapshot), actual, (key, expected, value) -> {
            List<Object> found = value == null ? null : row.apply(value);
            if (!sameRow(expected, found)) {
                throw new AssertionError(
                        "snapshot %d, key %s: expected %s, actual %s".formatted(snapshot, key, expected, found));
            }
        });
    }

    /** Fails unless {@code rows(from) + changes = rows(to)}, every retraction naming the row that the replica holds. */
    public void checkReplay(long from, long to, List<ModelChange> fullChanges) {
        if (!fullChanges.isEmpty() || at(from) != at(to)) {
            checkRows(to, replayFull(from, fullChanges));
        }
    }

    /** The same for a changelog of shape upsert. */
    public void checkUpsertReplay(long from, long to, List<ModelChange> upserts) {
        if (!upserts.isEmpty() || at(from) != at(to)) {
            checkRows(to, replayUpsert(from, upserts));
        }
    }

    /** Whether a snapshot was published as one that changes no row. */
    public boolean isUnchanged(long snapshot) {
        return at(snapshot) == at(snapshot - 1);
    }

    /** True if both are absent or equal in every value, byte arrays by content. */
    public static boolean sameRow(List<Object> one, List<Object> other) {
        if (one == other) {
            return true;
        }
        if (one == null || other == null || one.size() != other.size()) {
            return false;
        }
        boolean same = true;
        for (int i = 0; same && i < one.size(); i++) {
            same = Objects.deepEquals(one.get(i), other.get(i));
        }
        return same;
    }

    private static void difference(
            long snapshot,
            NavigableMap<List<Object>, List<Object>> before,
            NavigableMap<List<Object>, List<Object>> after,
            List<ModelChange> changes) {
        SideBySide.walk(before, after, (key, old, now) -> {
            if (old == null) {
                changes.add(new ModelChange(snapshot, RowKind.INSERT, key, now));
            } else if (now == null) {
                changes.add(new ModelChange(snapshot, RowKind.DELETE, key, old));
            } else if (!sameRow(old, now)) {
                changes.add(new ModelChange(snapshot, RowKind.UPDATE_BEFORE, key, old));
                changes.add(new ModelChange(snapshot, RowKind.UPDATE_AFTER, key, now));
            }
        });
    }

    private static void require(boolean holds, String what, ModelChange change) {
        if (!holds) {
            throw new AssertionError("%s: %s".formatted(change, what));
        }
    }

    private NavigableMap<List<Object>, List<Object>> empty() {
        return new TreeMap<>(keyOrder);
    }

    private NavigableMap<List<Object>, List<Object>> copy(long snapshot) {
        NavigableMap<List<Object>, List<Object>> rows = empty();
        rows.putAll(at(snapshot));
        return rows;
    }

    private NavigableMap<List<Object>, List<Object>> at(long snapshot) {
        if (snapshot < 0 || snapshot > head()) {
            throw new IllegalArgumentException("snapshot %d is not 0 to %d".formatted(snapshot, head()));
        }
        return history.get((int) snapshot);
    }

    private long publish(NavigableMap<List<Object>, List<Object>> rows) {
        history.add(rows);
        return head();
    }

    // List.copyOf refuses nulls, and NULL is a value.
    private static List<Object> frozen(List<Object> values) {
        return Collections.unmodifiableList(new ArrayList<>(values));
    }
}
