package io.streamhouse.log;

import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.type.PhysicalType;
import java.io.IOException;
import java.util.List;

/**
 * The changes of one split of a keyed table, derived from rows sorted by key: those that the commit took away (before)
 * and those that it brought (after). Memory is one batch per source and one batch of output.
 *
 * <p>A filter works on rows, not on changes: what comes out is the changelog of the filtered table, so a row that moves
 * into the filter is +I and one that leaves it -D.
 *
 * @see "spec/changelog-semantics.md"
 */
public final class ChangeMerge implements ChangeStream {
    private final ChangelogShape shape;
    private final KeyMerge before;
    private final KeyMerge after;
    private final StagedChanges staged;
    private final long skip;
    private long consumed;
    private long suppressed;
    private boolean started;
    private boolean hasBefore;
    private boolean hasAfter;

    private ChangeMerge(
            ChangelogShape shape,
            List<? extends RowSource> before,
            List<? extends RowSource> after,
            StagedChanges staged,
            long skip) {
        this.shape = shape;
        this.before = new KeyMerge(before);
        this.after = new KeyMerge(after);
        this.staged = staged;
        this.skip = skip;
    }

    /**
     * Shape {@code full}: key in both is -U directly before +U, or nothing if the rows are equal in all given columns;
     * only before is -D, only after +I.
     *
     * @param columns physical types of the delivered columns
     * @param before rows taken away; no key twice
     * @param after rows brought; no key twice
     * @param skip source rows that were consumed before
     */
    public static ChangeMerge full(
            CommitStamp commit,
            List<PhysicalType> columns,
            List<? extends RowSource> before,
            List<? extends RowSource> after,
            long skip) {
        return new ChangeMerge(
                ChangelogShape.FULL, before, after, new StagedChanges(commit, columns, new boolean[0]), skip);
    }

    /**
     * Shape {@code upsert}: +U of every row brought, -D of every deleted key that no row of the same commit brings back.
     *
     * @param columns physical types of the delivered columns
     * @param keyColumns per delivered column, whether it is of the key; the others are null in a -D
     * @param deletes deleted keys, in the key columns of their rows; no key twice
     * @param after rows brought; no key twice
     * @param skip source rows that were consumed before
     */
    public static ChangeMerge upsert(
            CommitStamp commit,
            List<PhysicalType> columns,
            boolean[] keyColumns,
            List<? extends RowSource> deletes,
            List<? extends RowSource> after,
            long skip) {
        return new ChangeMerge(
                ChangelogShape.UPSERT, deletes, after, new StagedChanges(commit, columns, keyColumns.clone()), skip);
    }

    @Override
    public ChangeBatch next() throws IOException {
        if (!started) {
            started = true;
            hasBefore = before.next();
            hasAfter = after.next();
        }
        while (!staged.isFull() && (hasBefore || hasAfter)) {
            int order = !hasBefore ? 1 : !hasAfter ? -1 : before.compareKeys(after);
            if (order < 0) {
                onlyBefore();
            } else if (order > 0) {
                onlyAfter();
            } else {
                both();
            }
            if (order <= 0) {
                hasBefore = before.next();
            }
            if (order >= 0) {
                hasAfter = after.next();
            }
        }
        return staged.isEmpty() ? null : staged.drain();
    }

    private void onlyBefore() {
        consumed++;
        if (consumed > skip && before.batch().passes(before.row())) {
            delete(before, consumed);
        }
    }

    private void onlyAfter() {
        consumed++;
        if (consumed <= skip) {
            return;
        }
        switch (shape) {
            case FULL -> {
                if (after.batch().passes(after.row())) {
                    staged.add(RowKind.INSERT, after, consumed);
                }
            }
            case UPSERT -> upsert();
        }
    }

    private void both() {
        consumed += 2;
        if (consumed <= skip) {
            return;
        }
        switch (shape) {
            case FULL -> update(consumed - 1 <= skip);
            case UPSERT -> upsert();
        }
    }

    /** {@code beforeTaken}: the subscription was cut between the two rows, so the old one is retracted already. */
    private void update(boolean beforeTaken) {
        boolean had = before.batch().passes(before.row());
        boolean has = after.batch().passes(after.row());
        if (had && has && isSameRow()) {
            suppressed++;
            return;
        }
        if (had && !beforeTaken) {
            if (has) {
                staged.add(RowKind.UPDATE_BEFORE, before, consumed - 1);
            } else {
                delete(before, consumed);
            }
        }
        if (has) {
            RowKind kind = had ? RowKind.UPDATE_AFTER : RowKind.INSERT;
            staged.add(kind, after, consumed);
        }
    }

    private void upsert() {
        if (after.batch().passes(after.row())) {
            staged.add(RowKind.UPDATE_AFTER, after, consumed);
        } else if (after.batch().leaves(after.row())) {
            delete(after, consumed);
        }
    }

    private void delete(KeyMerge rows, long at) {
        switch (shape) {
            case FULL -> staged.add(RowKind.DELETE, rows, at);
            case UPSERT -> staged.addKeyOnly(RowKind.DELETE, rows, at);
        }
    }

    private boolean isSameRow() {
        ColumnBatch b = before.batch().rows();
        ColumnBatch a = after.batch().rows();
        for (int c = 0; c < b.columns().size(); c++) {
            if (!b.column(c).sameValue(before.row(), a.column(c), after.row())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long rowsConsumed() {
        return Math.max(consumed, skip);
    }

    @Override
    public long suppressed() {
        return suppressed;
    }

    @Override
    public void close() throws IOException {
        try (before) {
            after.close();
        }
    }
}
