package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangeMerge;
import io.streamhouse.log.ChangeStream;
import io.streamhouse.log.DeletedKeys;
import io.streamhouse.log.Phase;
import io.streamhouse.log.RowSource;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.read.rows.AfterRows;
import io.streamhouse.read.rows.BeforeRows;
import io.streamhouse.read.rows.KeyedRows;
import io.streamhouse.read.rows.KnownRanges;
import io.streamhouse.read.rows.LostChange;
import io.streamhouse.read.rows.ReadCounts;
import io.streamhouse.read.rows.RowFiles;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The changes of one split; after a failure it can only be closed ({@code IllegalStateException}). One thread. */
public final class ChangeSplitReader implements ChangeStream {
    /** Rows that the before-images of a split hold in memory, over all files. */
    private static final int BEFORE_ROWS = 32_768;

    private static final int MIN_PORTION = 64;
    private static final int MAX_PORTION = 4_096;

    private final Table table;
    private final long snapshotId;
    private final ChangeStream changes;
    private final ReadCounts counts;
    private boolean failed;

    private ChangeSplitReader(Table table, long snapshotId, ChangeStream changes, ReadCounts counts) {
        this.table = table;
        this.snapshotId = snapshotId;
        this.changes = changes;
        this.counts = counts;
    }

    /**
     * Opens a split; nothing is read before {@link #next}.
     *
     * @param request bound to any schema of the table; files are mapped to it by field id
     * @param rowsConsumed source rows that were consumed before, under this or another request
     */
    public static ChangeSplitReader open(Table table, ChangeSplit split, ReadRequest request, long rowsConsumed) {
        if (rowsConsumed < 0 || rowsConsumed > split.sourceRows()) {
            throw new IllegalArgumentException("%d rows consumed of split %s, which has %d"
                    .formatted(rowsConsumed, split.id(), split.sourceRows()));
        }
        ReadCounts counts = new ReadCounts();
        RowFiles files = new RowFiles(table.components().store(), table::schema, counts);
        ChangeStream changes = isRuledOut(split, request)
                ? new NoChanges(split.sourceRows())
                : open(table, files, split, request, rowsConsumed);
        return new ChangeSplitReader(table, split.snapshotId(), changes, counts);
    }

    private static boolean isRuledOut(ChangeSplit split, ReadRequest request) {
        return request.filter() != null
                && !new KnownRanges(request.schema(), request.filter())
                        .mayMatch(split.id().partition());
    }

    private static ChangeStream open(
            Table table, RowFiles files, ChangeSplit split, ReadRequest request, long rowsConsumed) {
        boolean keyed = request.schema().layout().hasKey();
        if (split.phase() == Phase.FULL || !keyed) {
            return new VisibleChanges(files, table::schema, split, request, rowsConsumed);
        }
        KeyedRows rows = new KeyedRows(request);
        List<PhysicalType> types =
                request.columns().stream().map(f -> f.type().physical()).toList();
        List<RowSource> after = new ArrayList<>();
        split.after().forEach(a -> after.add(new AfterRows(files, a, rows)));
        return switch (split.what().shape()) {
            case FULL ->
                ChangeMerge.full(split.what().commit(), types, before(files, split, rows), after, rowsConsumed);
            case UPSERT ->
                ChangeMerge.upsert(
                        split.what().commit(),
                        types,
                        keyColumns(request),
                        deleted(files, split, request, rows),
                        after,
                        rowsConsumed);
        };
    }

    private static List<RowSource> before(RowFiles files, ChangeSplit split, KeyedRows rows) {
        int portion = Math.max(
                MIN_PORTION,
                Math.min(MAX_PORTION, BEFORE_ROWS / Math.max(1, split.before().size())));
        List<RowSource> out = new ArrayList<>();
        split.before().forEach(b -> out.add(new BeforeRows(files, b, rows, portion)));
        return out;
    }

    private static boolean[] keyColumns(ReadRequest request) {
        List<String> key = request.schema().layout().primaryKey();
        boolean[] out = new boolean[request.columns().size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = key.contains(request.columns().get(i).name());
        }
        return out;
    }

    /** Keys that the commit names as deleted, or rows that it has taken away. */
    private static List<RowSource> deleted(RowFiles files, ChangeSplit split, ReadRequest request, KeyedRows rows) {
        TableSchema schema = request.schema();
        List<Field> keyFields = schema.project(schema.keyIndexes());
        List<RowSource> out = before(files, split, rows);
        out.add(new DeletedKeys(split.deletes(), keyFields, request.columns(), rows::keysPassing));
        return out;
    }

    @Override
    public ChangeBatch next() throws IOException {
        if (failed) {
            throw new IllegalStateException("a split of snapshot %d of %s was read on after a failure; open it again"
                    .formatted(snapshotId, table.name()));
        }
        failed = true;
        try {
            ChangeBatch batch = nextNotEmpty();
            failed = false;
            return batch;
        } catch (StreamhouseException e) {
            throw Expiry.explained(e, table, snapshotId);
        }
    }

    private ChangeBatch nextNotEmpty() throws IOException {
        for (ChangeBatch batch = changes.next(); batch != null; batch = changes.next()) {
            ChangeBatch delivered = LostChange.apply(batch);
            if (delivered.rowCount() > 0) {
                return delivered;
            }
        }
        return null;
    }

    @Override
    public long rowsConsumed() {
        return changes.rowsConsumed();
    }

    @Override
    public long suppressed() {
        return changes.suppressed();
    }

    /** Costs so far. */
    public ScanCounts counts() {
        return ScanCounts.of(counts);
    }

    @Override
    public void close() throws IOException {
        changes.close();
    }

    /**
     * A split of which no row can pass.
     *
     * @param rowsConsumed all of its source rows
     */
    private record NoChanges(long rowsConsumed) implements ChangeStream {
        @Override
        public ChangeBatch next() {
            return null;
        }

        @Override
        public long suppressed() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
