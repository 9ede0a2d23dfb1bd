package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/** A commit whose effect depends on the table that it meets, and what it must be. Values of rows are unique, so are rows. */
sealed interface Correction {
    SnapshotKind kind();

    /** What it does as the snapshot after the newest one of the past; an error if it may not be published there. */
    List<Write> effect(Past past);

    /** Counts what it did. */
    void tally(Tally tally, List<Write> effect);

    /**
     * All snapshots so far.
     *
     * @param model their rows
     * @param kinds their kinds by id
     */
    record Past(TableModel model, Map<Long, SnapshotKind> kinds) {
        NavigableMap<List<Object>, List<Object>> head() {
            return model.rows(model.head());
        }

        /** The commit that first took a row of a snapshot away, if any. */
        Optional<SnapshotKind> changedBy(long base, List<Object> key) {
            List<Object> row = model.rows(base).get(key);
            for (long s = base + 1; s <= model.head(); s++) {
                if (!row.equals(model.rows(s).get(key))) {
                    return Optional.of(kinds.get(s));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * An UPDATE or DELETE.
     *
     * @param base the snapshot that it read
     * @param changes what it wants to become of rows that were there
     * @param kind ROW_DELTA, but for a mutant
     * @param byPosition whether it names rows by position, because they have no key
     */
    record RowDelta(long base, List<Write> changes, SnapshotKind kind, boolean byPosition) implements Correction {
        public RowDelta {
            changes = List.copyOf(changes);
        }

        /** Why it may not be published, if so. */
        Optional<String> objection(Past past) {
            for (long s = base + 1; s <= past.model().head(); s++) {
                if (past.kinds().get(s) == SnapshotKind.ROLLBACK) {
                    return Optional.of("snapshot %d is a rollback".formatted(s));
                }
            }
            for (Write change : changes) {
                if (past.changedBy(base, change.key()).equals(Optional.of(SnapshotKind.ROW_DELTA))) {
                    return Optional.of("another statement changed " + change.key());
                }
            }
            return Optional.empty();
        }

        @Override
        public List<Write> effect(Past past) {
            objection(past).ifPresent(why -> {
                throw new AssertionError("a statement of snapshot %d was published, but %s".formatted(base, why));
            });
            List<Write> out = new ArrayList<>();
            for (Write change : changes) {
                if (past.changedBy(base, change.key()).isEmpty()) {
                    out.add(change);
                }
            }
            return out;
        }

        @Override
        public void tally(Tally tally, List<Write> effect) {
            tally.add(HistoryEvent.ROW_DELTAS);
            tally.add(HistoryEvent.POSITION_DELTAS, byPosition ? 1 : 0);
            tally.add(HistoryEvent.REPLACED_ROWS, effect.size());
            tally.add(HistoryEvent.SKIPPED_ROWS, changes.size() - effect.size());
        }
    }

    /**
     * An OVERWRITE.
     *
     * @param partitions values of the first key column that are replaced; absent for the whole table
     * @param rows the new rows
     * @param isDynamic whether the new rows say which partitions
     */
    record Replacement(Optional<Set<Object>> partitions, List<Write> rows, boolean isDynamic) implements Correction {
        public Replacement {
            partitions = partitions.map(Set::copyOf);
            rows = List.copyOf(rows);
        }

        @Override
        public SnapshotKind kind() {
            return SnapshotKind.OVERWRITE;
        }

        @Override
        public List<Write> effect(Past past) {
            List<Write> out = new ArrayList<>();
            for (List<Object> key : past.head().keySet()) {
                if (partitions.isEmpty() || partitions.get().contains(key.get(0))) {
                    out.add(Write.delete(key));
                }
            }
            out.addAll(rows);
            return out;
        }

        @Override
        public void tally(Tally tally, List<Write> effect) {
            tally.add(HistoryEvent.OVERWRITES);
            tally.add(HistoryEvent.DYNAMIC_OVERWRITES, isDynamic ? 1 : 0);
            tally.add(HistoryEvent.OVERWRITTEN_ROWS, effect.size() - rows.size());
        }
    }

    /**
     * A ROLLBACK.
     *
     * @param target the snapshot to go back to
     */
    record Return(long target) implements Correction {
        @Override
        public SnapshotKind kind() {
            return SnapshotKind.ROLLBACK;
        }

        @Override
        public List<Write> effect(Past past) {
            List<Write> out = new ArrayList<>();
            past.head().keySet().forEach(key -> out.add(Write.delete(key)));
            past.model().rows(target).forEach((key, row) -> out.add(Write.upsert(key, row)));
            return out;
        }

        @Override
        public void tally(Tally tally, List<Write> effect) {
            tally.add(HistoryEvent.ROLLBACKS);
        }
    }
}
