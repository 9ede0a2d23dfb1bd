package io.streamhouse.testkit.simulation;

import static io.streamhouse.testkit.simulation.ChainJudge.require;

import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.testkit.SideBySide;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.ModelChange;
import io.streamhouse.testkit.simulation.VisibleTable.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Are the rows, counts and changes of each snapshot those of the model: as a reader sees them, as a view that moves forward shows
 * them, as subscribers are told, and at times as a scan gives them?
 */
final class RowsJudge implements AutoCloseable {
    private static final int SCAN_IN = 6;

    private final Table table;
    private final int keyColumns;
    private final TableModel model;
    private final RandomGenerator random;
    private final Tally tally;
    private final Trace trace;
    private final Subscriber full;
    private final Optional<Subscriber> upsert;
    private final VisibleTable visible;
    private final LakeView followed = LakeView.empty();
    private NavigableMap<List<Object>, Place> before = new TreeMap<>(TableModel.naturalOrder());
    /** Of the rows of {@link #before}. */
    private KeyDigest digest = KeyDigest.ZERO;

    private long rowsHash;

    RowsJudge(
            Table table,
            int keyColumns,
            KeyDigests digests,
            TableModel model,
            RandomGenerator random,
            Tally tally,
            Trace trace)
            throws IOException {
        this.table = table;
        this.keyColumns = keyColumns;
        this.model = model;
        this.random = random;
        this.tally = tally;
        this.trace = trace;
        this.full = new Subscriber(table, ChangelogShape.FULL, keyColumns, random);
        this.upsert = table.schema().layout().hasKey()
                ? Optional.of(new Subscriber(table, ChangelogShape.UPSERT, keyColumns, random))
                : Optional.empty();
        this.visible = new VisibleTable(table, keyColumns, digests::of);
    }

    /** Where the rows of the newest snapshot judged stand: file and position of each, as a reader sees them. */
    NavigableMap<List<Object>, Place> places() {
        return before;
    }

    /** Judges a snapshot that the model has published, too. */
    void judge(Snapshot snapshot) throws IOException {
        long id = snapshot.id();
        NavigableMap<List<Object>, Place> now = visible.rows(snapshot);
        // two pairs of maps that were compared before need not be compared again
        boolean isAsBefore = now == before && model.isUnchanged(id);
        if (!isAsBefore) {
            digest = KeyDigest.ZERO;
            rowsHash = 0;
            for (Place place : now.values()) {
                digest = digest.plus(place.digest());
                rowsHash = 31 * rowsHash + place.row().hashCode();
            }
            model.checkRows(id, now, Place::row);
        }
        trace.mix(rowsHash);
        require(
                snapshot.totals().rowCount() == now.size(),
                "snapshot %d counts %d rows, shows %d",
                id,
                snapshot.totals().rowCount(),
                now.size());
        require(snapshot.totals().digest().equals(digest), "snapshot %d has another digest than its keys", id);
        followed.advance(table.snapshots().treeSince(snapshot, followed.snapshotId()));
        require(visible.isShownBy(followed), "snapshot %d: a view moved forward shows other rows", id);
        List<ModelChange> difference =
                isAsBefore || snapshot.kind() == SnapshotKind.COMPACT ? List.of() : changes(id, now);
        before = now;
        List<ModelChange> told = full.changes(id);
        // rows without key come and go by themselves: the new one may be told before the old one
        List<ModelChange> sorted = sorted(told);
        model.checkReplay(id - 1, id, upsert.isPresent() ? told : sorted);
        require(net(sorted).equals(difference), "snapshot %d: subscribers see other changes", id);
        if (upsert.isPresent()) {
            model.checkUpsertReplay(id - 1, id, upsert.get().changes(id));
        }
        if (random.nextInt(SCAN_IN) == 0) {
            model.checkRows(id, scan(id));
        }
        tally.add(HistoryEvent.CHANGES_READ, difference.size());
    }

    private List<ModelChange> sorted(List<ModelChange> changes) {
        Comparator<ModelChange> byKey = Comparator.comparing(ModelChange::key, TableModel.naturalOrder());
        List<ModelChange> out = new ArrayList<>(changes);
        out.sort(upsert.isPresent() ? byKey : byKey.thenComparing(c -> !c.kind().isRetraction()));
        return out;
    }

    /**
     * Changes without rows that go and come back as they were: where rows have no key, a commit that puts other files in
     * place of those that hold them (a ROLLBACK over a COMPACT) says so of each. Whoever applies both has the same rows.
     */
    private List<ModelChange> net(List<ModelChange> sorted) {
        if (upsert.isPresent()) {
            return sorted;
        }
        List<ModelChange> out = new ArrayList<>();
        for (ModelChange change : sorted) {
            ModelChange last = out.isEmpty() ? null : out.get(out.size() - 1);
            boolean isBack = last != null
                    && last.kind() == RowKind.DELETE
                    && change.kind() == RowKind.INSERT
                    && last.row().equals(change.row());
            if (isBack) {
                out.remove(out.size() - 1);
                tally.add(HistoryEvent.MOVED_ROWS_TOLD);
            } else {
                out.add(change);
            }
        }
        return out;
    }

    private NavigableMap<List<Object>, List<Object>> scan(long id) throws IOException {
        NavigableMap<List<Object>, List<Object>> rows = new TreeMap<>(TableModel.naturalOrder());
        try (BatchScan scan = TableScan.of(table).snapshot(id).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    List<Object> row = VisibleTable.values(RowReader.row(batch, scan.columns(), batch.position(i)));
                    require(rows.put(row.subList(0, keyColumns), row) == null, "a scan of %d shows %s twice", id, row);
                }
            }
        }
        return rows;
    }

    /** The changelog of a commit is the difference of the visible positions. */
    private List<ModelChange> changes(long id, NavigableMap<List<Object>, Place> now) {
        List<ModelChange> out = new ArrayList<>();
        SideBySide.walk(before, now, (key, old, place) -> {
            if (place != null && old != null && place.row().equals(old.row())) {
                return; // where it was, or moved by a compaction
            }
            // a row without key does not become another one: it goes, and another one comes
            boolean isUpdate = old != null && place != null && upsert.isPresent();
            if (old != null) {
                out.add(new ModelChange(id, isUpdate ? RowKind.UPDATE_BEFORE : RowKind.DELETE, key, old.row()));
            }
            if (place != null) {
                out.add(new ModelChange(id, isUpdate ? RowKind.UPDATE_AFTER : RowKind.INSERT, key, place.row()));
            }
        });
        return out;
    }

    @Override
    public void close() throws IOException {
        full.close();
        if (upsert.isPresent()) {
            upsert.get().close();
        }
    }
}
