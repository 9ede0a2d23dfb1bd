package io.streamhouse.cli.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tables of the demo through the plain Java doors, without any engine.
 *
 * <p>Rows hold the table's columns in order, as {@code Long}, {@code Integer}, {@code String}, {@code BigDecimal} and
 * {@code LocalDate}. Thread-safe; what it opens is not.
 */
interface TableReads extends AutoCloseable {
    /**
     * A subscription to a table from its first snapshot on, with before-images.
     *
     * @param columns the columns of its rows, in order
     */
    ReplicaFeed changes(String table, List<String> columns);

    /**
     * The same from one snapshot on.
     *
     * @param firstSnapshot the first whose changes come
     */
    ReplicaFeed changesFrom(String table, List<String> columns, long firstSnapshot);

    /** Hands on all rows that the table held at a snapshot, in any order. */
    void rows(String table, long snapshotId, Consumer<Object[]> consumer);

    /** All snapshots of the table so far, oldest first. */
    List<SnapshotFacts> snapshots(String table);

    /** The newest snapshot of the table; none if nothing was committed yet. */
    Optional<SnapshotFacts> latest(String table);

    /** The files that the newest snapshot of the table names. */
    FileTotals files(String table);

    @Override
    void close();

    /**
     * What a snapshot says about itself.
     *
     * @param id ascending, dense
     * @param kind APPEND, FENCE, …
     * @param commitIdentifier the checkpoint it belongs to
     * @param commitTimeMillis wall clock of the commit, milliseconds since the epoch
     * @param rowCount rows in the table after it
     * @param changed what it counted of its own changes
     * @param properties what its kind says besides
     */
    record SnapshotFacts(
            long id,
            String kind,
            long commitIdentifier,
            long commitTimeMillis,
            long rowCount,
            RowCounts changed,
            Map<String, String> properties) {
        public SnapshotFacts {
            properties = Map.copyOf(properties);
        }
    }

    /** Rows that a commit inserted, updated (to another or the same value) and deleted. */
    record RowCounts(long inserted, long updated, long deleted) {}

    /**
     * Size of a table.
     *
     * @param files data files
     * @param sizeBytes their length
     */
    record FileTotals(long files, long sizeBytes) {}
}
