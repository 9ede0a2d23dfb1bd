package io.streamhouse.write;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.ChangeBuffer;
import io.streamhouse.lake.DeltaWriter;
import io.streamhouse.lake.KeyIndex;
import io.streamhouse.lake.KeyReader;
import io.streamhouse.lake.LakeView;
import io.streamhouse.lake.ReplacedRows;
import io.streamhouse.lake.SortedChanges;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Writes rows into one table. One thread.
 *
 * <p>An engine opens one per sink subtask ({@link #forEngine}) and carries the deltas of {@link #flush} to its
 * committer. A plain program opens one under a commit user ({@link #open}) and calls {@link #commit}.
 */
public final class TableWriter implements AutoCloseable {
    /** How often a flush starts over because its base expired under it. */
    private static final int BASE_RETRIES = 3;

    private final Table table;
    private final TableSchema schema;
    private final WriterSettings settings;
    private final Optional<Committing> committing;
    private final KeyReader keyReader;
    private final DeltaWriter deltaWriter;
    private final RowViews rows;
    private final RowViews deletes;
    private final ChangeBuffer buffer;
    private final Base base;
    private final ReplacedRows replaced = new ReplacedRows();
    private LakeView view = LakeView.empty();
    private KeyIndex index;
    private boolean failed;

    /** Where a writer looks its keys up. */
    private enum Base {
        /** In the newest snapshot. */
        HEAD,
        /** In one snapshot, where every key must be. */
        PINNED,
        /** Nowhere: the engine names positions of one snapshot. */
        POSITIONS,
        /** Nowhere. */
        NOTHING
    }

    /** What a writer that commits by itself holds. */
    private static final class Committing {
        final CommitTimeline timeline;
        final TableCommitter committer;
        CommitDelta pending;
        long lastIdentifier;

        Committing(CommitTimeline timeline, TableCommitter committer) {
            this.timeline = timeline;
            this.committer = committer;
        }
    }

    private TableWriter(
            Table table, WriterSettings settings, KeyReader keyReader, Optional<Committing> committing, Base base) {
        this.table = table;
        this.base = base;
        this.schema = table.schema();
        this.settings = settings;
        this.committing = committing;
        this.keyReader = keyReader;
        this.deltaWriter = new DeltaWriter(
                table.components().store(),
                table.components().ids(),
                schema,
                keyReader,
                TableOptions.parse(schema.options()).targetFileSize().bytes());
        this.rows = RowViews.of(schema.fields(), schema.layout().primaryKey());
        this.deletes = RowViews.of(keysOnly(schema), schema.layout().primaryKey());
        this.buffer = new ChangeBuffer(
                schema,
                settings.buffer().bytes(),
                settings.writer(),
                () -> ObjectStores.local(settings.spillDirectory()),
                table.components().ids());
        this.index = newIndex();
    }

    /** A delete needs its key columns only. */
    private static List<Field> keysOnly(TableSchema schema) {
        List<String> key = schema.layout().primaryKey();
        return schema.fields().stream()
                .map(f -> key.contains(f.name()) ? f : new Field(f.id(), f.name(), f.type(), true, f.comment()))
                .toList();
    }

    private KeyIndex newIndex() {
        return keyReader == null ? null : new KeyIndex(keyReader, view);
    }

    /**
     * A writer that commits by itself. A user that has committed before is refused ({@code OLDER_SAVEPOINT}) unless the
     * caller hands back the writer's saved state; see {@link #open(Table, byte[])}.
     */
    public static TableWriter open(Table table, CommitUser user) throws IOException {
        return open(table, CommitTimeline.fresh(user, table.components().ids()), 0);
    }

    /**
     * A writer that goes on where a saved one ended.
     *
     * @param state what {@link #state()} gave after the last acknowledged commit
     */
    public static TableWriter open(Table table, byte[] state) throws IOException {
        return open(table, CommitTimeline.restore(state, table.components().ids()), 0);
    }

    private static TableWriter open(Table table, CommitTimeline timeline, long checkpoint) throws IOException {
        timeline.fence(table.snapshots(), checkpoint, OlderSavepoint.REFUSE);
        KeyReader keyReader = TableCommitter.keyReader(table);
        Committing committing = new Committing(timeline, TableCommitter.open(table, keyReader));
        return new TableWriter(table, WriterSettings.single(table), keyReader, Optional.of(committing), Base.HEAD);
    }

    /** One of an engine's writers: it only flushes. */
    public static TableWriter forEngine(Table table, WriterSettings settings) {
        return new TableWriter(table, settings, TableCommitter.keyReader(table), Optional.empty(), Base.HEAD);
    }

    /**
     * One of the writers of an UPDATE or DELETE: it takes changed rows, whole, and deletes of rows that the engine has read
     * at one snapshot. A key that is not there is refused at the flush ({@code BAD_KEY}); so are changes of key columns.
     * What it flushes is published by {@link RowDeltaCommitter}. The caller keeps the snapshot from expiring from before
     * its first read until the outcome is known.
     *
     * @param baseSnapshotId the snapshot that the engine reads
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, {@code SNAPSHOT_NOT_FOUND}, or {@code BAD_KEY} for a table
     *     without key
     */
    public static TableWriter forRowDelta(Table table, WriterSettings settings, long baseSnapshotId)
            throws IOException {
        if (!table.schema().layout().hasKey()) {
            throw new StreamhouseException(
                    ErrorCode.BAD_KEY, "%s has no primary key, its rows cannot be changed".formatted(table.name()));
        }
        Snapshot snapshot = table.snapshots().snapshot(baseSnapshotId);
        TableWriter writer =
                new TableWriter(table, settings, TableCommitter.keyReader(table), Optional.empty(), Base.PINNED);
        writer.view = LakeView.of(table.snapshots().tree(snapshot));
        writer.index = writer.newIndex();
        return writer;
    }

    /**
     * One of the writers of an UPDATE or DELETE of a table without key: it takes rows by the positions that the engine has
     * read them at ({@link #replace}, {@link #remove}). Otherwise as {@link #forRowDelta}.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, {@code SNAPSHOT_NOT_FOUND}, or {@code BAD_KEY} for a table
     *     with key
     */
    public static TableWriter forPositions(Table table, WriterSettings settings, long baseSnapshotId)
            throws IOException {
        if (table.schema().layout().hasKey()) {
            throw new StreamhouseException(
                    ErrorCode.BAD_KEY, "%s has a primary key, its rows are changed by it".formatted(table.name()));
        }
        Snapshot snapshot = table.snapshots().snapshot(baseSnapshotId);
        TableWriter writer = new TableWriter(table, settings, null, Optional.empty(), Base.POSITIONS);
        writer.view = LakeView.of(table.snapshots().tree(snapshot));
        return writer;
    }

    /** One of the writers of an INSERT OVERWRITE: it looks nothing up, for {@link Overwrite} replaces all there is. */
    public static TableWriter forOverwrite(Table table, WriterSettings settings) {
        return new TableWriter(table, settings, TableCommitter.keyReader(table), Optional.empty(), Base.NOTHING);
    }

    /** Adds one change; -U and -D both delete their key. A refused row leaves the writer as it was. */
    public void write(RowKind kind, RowView row) throws IOException {
        checkOpen();
        if (committing.isPresent() && committing.get().pending != null) {
            throw new IllegalStateException("the outcome of commit %d is not known yet, commit it again first"
                    .formatted(committing.get().pending.identity().identifier()));
        }
        if (buffer.append(kind, row)) {
            failed = true;
            buffer.spill();
            failed = false;
        }
    }

    /** Adds one change of Java values; see {@link Row}. */
    public void write(RowKind kind, Row row) throws IOException {
        write(kind, (kind.isRetraction() ? deletes : rows).view(row));
    }

    /**
     * A row takes the place of the one at a position; its partition and bucket stay.
     *
     * @param file a file of the snapshot that the writer is pinned to
     * @param position position of a row that is visible there
     */
    public void replace(UUID file, int position, RowView row) throws IOException {
        requirePositions();
        write(RowKind.INSERT, row);
        replaced.replace(file, position);
    }

    /** The row at a position goes; see {@link #replace}. */
    public void remove(UUID file, int position) {
        checkOpen();
        requirePositions();
        replaced.remove(file, position);
    }

    private void requirePositions() {
        if (base != Base.POSITIONS) {
            throw new IllegalStateException("rows of %s are not written by position".formatted(table.name()));
        }
    }

    /** Heap bytes of buffered rows; more stand on local disk if {@link #spilledRuns()} is not 0. */
    public long bufferedBytes() {
        return buffer.sizeBytes();
    }

    /** Sorted runs that wait on local disk for the flush. */
    public int spilledRuns() {
        return buffer.spilledRuns();
    }

    /**
     * Ends a checkpoint: everything written since the last one becomes a delta, resolved against the newest snapshot.
     * Empty if nothing was written. After a failure the writer is unusable: what it buffered was never acknowledged.
     */
    public Optional<TableDelta> flush() throws IOException {
        checkOpen();
        if (buffer.isEmpty() && replaced.isEmpty()) {
            return Optional.empty();
        }
        failed = true;
        TableDelta delta;
        try (SortedChanges changes = buffer.seal()) {
            delta = switch (base) {
                case HEAD -> write(changes);
                case PINNED -> replace(changes);
                case POSITIONS ->
                    deltaWriter.writeReplacing(changes, settings.writer(), replaced, view, hasBucketKey());
                case NOTHING ->
                    deltaWriter.write(
                            changes,
                            settings.writer(),
                            table.snapshots().latest().map(Snapshot::id).orElse(0L),
                            index);
            };
        }
        replaced.clear();
        failed = false;
        return Optional.of(delta);
    }

    private boolean hasBucketKey() {
        return !schema.layout().bucketKey().isEmpty();
    }

    private TableDelta write(SortedChanges changes) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<Snapshot> head = table.snapshots().latest();
                if (head.isPresent() && head.get().id() != view.snapshotId()) {
                    if (index == null) {
                        // nothing is looked up in a table without key, so its files are of no interest
                        return deltaWriter.write(
                                changes, settings.writer(), head.get().id(), null);
                    }
                    view.advance(table.snapshots().treeSince(head.get(), view.snapshotId()));
                    index.follow();
                }
                return deltaWriter.write(changes, settings.writer(), view.snapshotId(), index);
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.MISSING_FILE || attempt == BASE_RETRIES) {
                    throw e;
                }
                // the base has expired under us: take the head as base and look everything up again
                view = LakeView.empty();
                index = newIndex();
            }
        }
    }

    private TableDelta replace(SortedChanges changes) throws IOException {
        try {
            return deltaWriter.writeReplacing(changes, settings.writer(), view.snapshotId(), index);
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                table.snapshots().requireReadable(view.snapshotId());
            }
            throw e;
        }
    }

    /**
     * Flushes and publishes under an ascending identifier from 1 on; nothing to write is {@code AlreadyCommitted}. After an
     * {@link IOException} the outcome is unknown: call again with the same identifier, nothing is doubled.
     *
     * @throws StreamhouseException {@code WRITER_FENCED} or {@code COMMIT_REFUSED}
     */
    public CommitOutcome commit(long identifier) throws IOException {
        Committing own = committing.orElseThrow(
                () -> new IllegalStateException("an engine's writer is committed by the engine"));
        if (identifier <= own.lastIdentifier && own.pending == null) {
            throw new IllegalArgumentException("commit identifier %d does not ascend, the last one is %d"
                    .formatted(identifier, own.lastIdentifier));
        }
        if (own.pending != null && own.pending.identity().identifier() != identifier) {
            throw new IllegalStateException("the outcome of commit %d is not known yet, commit it again before %d"
                    .formatted(own.pending.identity().identifier(), identifier));
        }
        if (own.pending == null) {
            Optional<TableDelta> delta = flush();
            if (delta.isEmpty()) {
                return new CommitOutcome.AlreadyCommitted(Optional.empty());
            }
            own.pending = own.timeline.next(identifier, OptionalLong.empty(), List.of(delta.get()), false);
        }
        CommitOutcome outcome = own.committer.commit(own.pending);
        own.pending = null;
        own.lastIdentifier = identifier;
        if (outcome instanceof CommitOutcome.Fenced fenced) {
            throw new StreamhouseException(ErrorCode.WRITER_FENCED, fenced.message());
        } else if (outcome instanceof CommitOutcome.Refused refused) {
            throw new StreamhouseException(refused.code(), refused.message());
        }
        return outcome;
    }

    /** State to hand to {@link #open(Table, byte[])} after a restart; take it after an acknowledged commit. */
    public byte[] state() {
        return committing
                .orElseThrow(() -> new IllegalStateException("an engine's writer has no state"))
                .timeline
                .state();
    }

    private void checkOpen() {
        if (failed) {
            throw new IllegalStateException(
                    "a flush of this writer failed; what it held was not acknowledged, open a new writer and write it again");
        }
    }

    @Override
    public void close() throws IOException {
        buffer.close();
        committing.ifPresent(c -> c.committer.close());
    }
}
