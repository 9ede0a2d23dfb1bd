package io.streamhouse.read;

import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.read.filter.ReadRequest;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A scan of one snapshot, put together step by step: by default all columns and rows of the newest. One thread; a scan may
 * be planned and opened any number of times.
 *
 * <p>Errors: {@code SNAPSHOT_NOT_FOUND} and {@code SNAPSHOT_EXPIRED} for the snapshot, {@code SCHEMA_MISMATCH} for
 * unknown columns and literals of a wrong type, {@code MISSING_FILE} and {@code CORRUPT_FILE} naming the object.
 */
public final class TableScan {
    private final Table table;
    private OptionalLong snapshotId = OptionalLong.empty();
    private OptionalLong asOfMillis = OptionalLong.empty();
    private List<String> columns;
    private Predicate predicate;
    private long limit = Long.MAX_VALUE;

    private TableScan(Table table) {
        this.table = table;
    }

    public static TableScan of(Table table) {
        return new TableScan(table);
    }

    /** Reads a snapshot by id. */
    public TableScan snapshot(long id) {
        snapshotId = OptionalLong.of(id);
        asOfMillis = OptionalLong.empty();
        return this;
    }

    /** Reads the newest snapshot whose commit time is at or before a time in milliseconds since the epoch. */
    public TableScan asOf(long millis) {
        asOfMillis = OptionalLong.of(millis);
        snapshotId = OptionalLong.empty();
        return this;
    }

    /** Reads the newest snapshot whose commit time is at or before a time. */
    public TableScan asOf(Instant time) {
        return asOf(time.toEpochMilli());
    }

    /** Delivers these columns in this order; none are legal, then only rows are counted. */
    public TableScan select(String... names) {
        return select(Arrays.asList(names));
    }

    /** Delivers these columns in this order. */
    public TableScan select(List<String> names) {
        columns = List.copyOf(names);
        return this;
    }

    /** Delivers rows for which the predicate is true; a second one narrows the first. */
    public TableScan where(Predicate condition) {
        predicate = predicate == null ? condition : Predicate.and(predicate, condition);
        return this;
    }

    /** Delivers at most this many rows; which ones is not defined. */
    public TableScan limit(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("limit " + rows);
        }
        limit = rows;
        return this;
    }

    /** Finds the snapshot and the files to read; opens none of them. */
    public ScanPlan plan() throws IOException {
        Optional<Snapshot> snapshot = snapshot();
        TableSchema schema = isTimeTravel() && snapshot.isPresent()
                ? table.schema(snapshot.get().header().schemaId())
                : table.schema();
        ReadRequest request = ReadRequest.of(schema, names(schema), Optional.ofNullable(predicate));
        if (snapshot.isEmpty()) {
            return new ScanPlan(0, request, List.of(), ScanPlan.Skipped.NOTHING);
        }
        try {
            LakeView view = LakeView.of(table.snapshots().tree(snapshot.get()));
            return ScanPlanner.plan(view, request, table::schema);
        } catch (StreamhouseException e) {
            throw Expiry.explained(e, table, snapshot.get().id());
        }
    }

    private boolean isTimeTravel() {
        return snapshotId.isPresent() || asOfMillis.isPresent();
    }

    private List<String> names(TableSchema schema) {
        if (columns != null) {
            return columns;
        }
        List<String> all = new ArrayList<>();
        for (Field f : schema.fields()) {
            all.add(f.name());
        }
        return all;
    }

    private Optional<Snapshot> snapshot() throws IOException {
        if (snapshotId.isPresent()) {
            return Optional.of(table.snapshots().snapshot(snapshotId.getAsLong()));
        }
        if (asOfMillis.isEmpty()) {
            return table.snapshots().latest();
        }
        return Optional.of(SnapshotAtTime.of(table, asOfMillis.getAsLong()));
    }

    /** Plans and opens the scan. */
    public BatchScan open() throws IOException {
        return new BatchScan(table, plan(), limit);
    }
}
