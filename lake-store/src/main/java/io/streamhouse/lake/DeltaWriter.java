package io.streamhouse.lake;

import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.FoundPositionsCodec;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.option.TableOptions;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.FoundPositions;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.IdSource;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Turns sorted changes into a delta: resolves keys against the index, writes data files of slices, packs delete keys and
 * found positions. One thread.
 */
public final class DeltaWriter {
    /** A slice of more bytes gets a file of its own. */
    public static final long OWN_FILE_BYTES = 8L << 20;

    /** Found positions and delete block above this travel in the data file instead of the committable. */
    public static final int INLINE_PAYLOAD_BYTES = 64 << 10;

    private final ObjectStore store;
    private final IdSource ids;
    private final TableSchema schema;
    private final KeyReader keyReader;
    private final long targetFileBytes;

    /**
     * @param store store at the table root
     * @param ids names of new files
     * @param schema schema of the rows
     * @param keyReader remembers the keys of new files; null for a table without key
     * @param targetFileBytes bytes of rows in memory at which a slice goes on in another file
     * @throws io.streamhouse.spec.StreamhouseException {@code BAD_OPTION_VALUE} if the table wants a file format whose
     *     jars are missing
     */
    public DeltaWriter(ObjectStore store, IdSource ids, TableSchema schema, KeyReader keyReader, long targetFileBytes) {
        this.store = store;
        this.ids = ids;
        this.schema = schema;
        this.keyReader = keyReader;
        this.targetFileBytes = Math.max(OWN_FILE_BYTES, targetFileBytes);
        ColumnFiles.requireFormat(TableOptions.parse(schema.options()).fileFormat());
    }

    /**
     * Writes the delta.
     *
     * @param writer index of the writer
     * @param since snapshot of the view that {@code index} stands at
     * @param index key index; null for a table without key
     */
    public TableDelta write(SortedChanges changes, int writer, long since, KeyIndex index) throws IOException {
        List<List<SortedChanges.Group>> plan = plan(changes);
        FoundPositions found = index == null ? FoundPositions.none(0) : find(changes, plan, index);
        return write(changes, writer, since, plan, found);
    }

    /**
     * Writes a delta that replaces rows of one pinned snapshot and brings no others.
     *
     * @param base the snapshot that {@code index} stands at
     * @throws StreamhouseException {@code BAD_KEY} if a key is not there; nothing is written then
     */
    public TableDelta writeReplacing(SortedChanges changes, int writer, long base, KeyIndex index) throws IOException {
        List<List<SortedChanges.Group>> plan = plan(changes);
        FoundPositions found = find(changes, plan, index);
        int rows = changes.rows().rowCount();
        int at = 0;
        for (List<SortedChanges.Group> file : plan) {
            for (SortedChanges.Group g : file) {
                for (int i = g.firstRow(); i < g.firstRow() + g.rowCount(); i++, at++) {
                    requireFound(found, at, changes.rowKeys(), i, base);
                }
            }
        }
        for (int i = 0; i < changes.deleteKeys().size(); i++) {
            requireFound(found, rows + i, changes.deleteKeys(), i, base);
        }
        return write(changes, writer, base, plan, found);
    }

    /**
     * Writes a delta that replaces and removes rows of a table without key, named by their positions at one pinned
     * snapshot.
     *
     * @param replaced what the rows replace
     * @param base the snapshot
     * @param byBucket whether the table has a bucket key
     * @throws StreamhouseException {@code BAD_KEY} if a row left its partition or bucket; nothing is written then
     */
    public TableDelta writeReplacing(
            SortedChanges changes, int writer, ReplacedRows replaced, LakeView base, boolean byBucket)
            throws IOException {
        List<List<SortedChanges.Group>> plan = plan(changes);
        FoundPositions found = replaced.found(plan, changes.groups(), base, byBucket);
        int removed = replaced.removedCount();
        DeltaCounts counts = new DeltaCounts(0, found.size() - removed, removed, KeyDigest.ZERO, KeyDigest.ZERO);
        return write(changes, writer, base.snapshotId(), plan, found, DeleteBlock.empty(1), counts);
    }

    private void requireFound(FoundPositions found, int number, KeyColumn keys, int i, long base) {
        if (found.ordinals()[number] >= 0) {
            return;
        }
        List<Field> columns = schema.project(schema.keyIndexes());
        ColumnBatch key = new ColumnBatch(KeyEncoder.of(columns).decode(keys.range(i, i + 1)), 1, null);
        throw new StreamhouseException(
                ErrorCode.BAD_KEY,
                ("no row of snapshot %d has the key %s = %s: rows are changed under the key that they were read with; key,"
                                + " partition and bucket columns cannot be set")
                        .formatted(base, columns.stream().map(Field::name).toList(), RowReader.row(key, columns, 0)));
    }

    private TableDelta write(
            SortedChanges changes, int writer, long since, List<List<SortedChanges.Group>> plan, FoundPositions found)
            throws IOException {
        boolean keyless = keyReader == null;
        DeleteBlock deletes = keyless ? DeleteBlock.empty(1) : deleteBlock(changes);
        DeltaCounts counts = keyless
                ? new DeltaCounts(changes.rows().rowCount(), 0, 0, KeyDigest.ZERO, KeyDigest.ZERO)
                : counts(changes, plan, found);
        return write(changes, writer, since, plan, found, deletes, counts);
    }

    private TableDelta write(
            SortedChanges changes,
            int writer,
            long since,
            List<List<SortedChanges.Group>> plan,
            FoundPositions found,
            DeleteBlock deletes,
            DeltaCounts counts)
            throws IOException {
        byte[] deleteBytes = DeleteBlockCodec.write(deletes);
        byte[] foundBytes = FoundPositionsCodec.write(found);
        boolean inline = deleteBytes.length + foundBytes.length <= INLINE_PAYLOAD_BYTES;
        if (!inline && plan.isEmpty()) {
            plan.add(List.of());
        }
        Files files = new Files(changes, inline ? null : deleteBytes, inline ? null : foundBytes);
        boolean complete = false;
        try {
            for (int i = 0; i < plan.size(); i++) {
                files.write(plan.get(i), !inline && i == plan.size() - 1);
            }
            complete = true;
        } finally {
            if (!complete) {
                files.takeBack();
            }
        }
        return new TableDelta(
                writer,
                since,
                schema.id(),
                files.written,
                keyReader == null,
                counts,
                inline ? new BlockRef.Inline(deleteBytes) : files.deletes,
                inline ? new BlockRef.Inline(foundBytes) : files.found);
    }

    /** Groups by file: large slices alone, first, cut at the target size; the rest together in one file. */
    private List<List<SortedChanges.Group>> plan(SortedChanges changes) {
        double bytesPerRow = changes.rows().bytesPerRow();
        int rowsPerFile = (int) Math.max(1, Math.min(Integer.MAX_VALUE, targetFileBytes / Math.max(1, bytesPerRow)));
        List<List<SortedChanges.Group>> plan = new ArrayList<>();
        List<SortedChanges.Group> shared = new ArrayList<>();
        for (SortedChanges.Group g : changes.groups()) {
            if (g.rowCount() * bytesPerRow > OWN_FILE_BYTES) {
                for (int row = 0; row < g.rowCount(); row += rowsPerFile) {
                    int count = Math.min(rowsPerFile, g.rowCount() - row);
                    plan.add(List.of(new SortedChanges.Group(g.id(), g.firstRow() + row, count, 0, 0)));
                }
            } else if (g.rowCount() > 0) {
                shared.add(g);
            }
        }
        if (!shared.isEmpty()) {
            plan.add(shared);
        }
        return plan;
    }

    /** Positions found, numbered as {@link TableDelta} says: rows in file order, then deletes. */
    private static FoundPositions find(SortedChanges changes, List<List<SortedChanges.Group>> plan, KeyIndex index)
            throws IOException {
        index.load(changes.groups().stream().map(SortedChanges.Group::id).toList());
        int rows = changes.rows().rowCount();
        int n = rows + changes.deleteKeys().size();
        int[] ordinals = new int[n];
        int[] positions = new int[n];
        int at = 0;
        for (List<SortedChanges.Group> file : plan) {
            for (SortedChanges.Group g : file) {
                int end = g.firstRow() + g.rowCount();
                index.find(g.id(), changes.rowKeys(), g.firstRow(), end, ordinals, positions, at);
                at += g.rowCount();
            }
        }
        for (SortedChanges.Group g : changes.groups()) {
            int end = g.firstDelete() + g.deleteCount();
            index.find(g.id(), changes.deleteKeys(), g.firstDelete(), end, ordinals, positions, rows + g.firstDelete());
        }
        return compact(index.files(), ordinals, positions);
    }

    /** Keeps only the files that something was found in. */
    private static FoundPositions compact(List<UUID> files, int[] ordinals, int[] positions) {
        int[] renumbered = new int[files.size()];
        List<UUID> used = new ArrayList<>();
        for (int i = 0; i < ordinals.length; i++) {
            int o = ordinals[i];
            if (o < 0) {
                positions[i] = 0;
                continue;
            }
            if (renumbered[o] == 0) {
                used.add(files.get(o));
                renumbered[o] = used.size();
            }
            ordinals[i] = renumbered[o] - 1;
        }
        return new FoundPositions(used, ordinals, positions);
    }

    private DeleteBlock deleteBlock(SortedChanges changes) {
        List<DeleteBlock.Group> groups = new ArrayList<>();
        for (SortedChanges.Group g : changes.groups()) {
            if (g.deleteCount() > 0) {
                groups.add(new DeleteBlock.Group(
                        g.id().partition(),
                        schema.layout().buckets(),
                        g.id().bucket(),
                        g.firstDelete(),
                        g.deleteCount()));
            }
        }
        return new DeleteBlock(groups, changes.deleteKeys());
    }

    private static DeltaCounts counts(
            SortedChanges changes, List<List<SortedChanges.Group>> plan, FoundPositions found) {
        int rows = changes.rows().rowCount();
        long inserted = 0;
        KeyDigestSum insertedKeys = new KeyDigestSum();
        int at = 0;
        for (List<SortedChanges.Group> file : plan) {
            for (SortedChanges.Group g : file) {
                for (int i = g.firstRow(); i < g.firstRow() + g.rowCount(); i++, at++) {
                    if (found.ordinals()[at] < 0) {
                        inserted++;
                        changes.rowKeys().addTo(insertedKeys, i);
                    }
                }
            }
        }
        long deleted = 0;
        KeyDigestSum deletedKeys = new KeyDigestSum();
        for (int i = rows; i < found.size(); i++) {
            if (found.ordinals()[i] >= 0) {
                deleted++;
                changes.deleteKeys().addTo(deletedKeys, i - rows);
            }
        }
        return new DeltaCounts(inserted, rows - inserted, deleted, insertedKeys.digest(), deletedKeys.digest());
    }

    /** The files of one delta: large slices alone, the rest together, payload in the last one. */
    private final class Files {
        private final SortedChanges changes;
        private final byte[] deleteBytes;
        private final byte[] foundBytes;
        final List<DataFile> written = new ArrayList<>();
        BlockRef deletes;
        BlockRef found;

        Files(SortedChanges changes, byte[] deleteBytes, byte[] foundBytes) {
            this.changes = changes;
            this.deleteBytes = deleteBytes;
            this.foundBytes = foundBytes;
        }

        void write(List<SortedChanges.Group> groups, boolean withPayload) throws IOException {
            UUID id = ids.next();
            DataFile.Origin origin = new DataFile.Origin(0, ContentType.DATA, FileSource.APPEND, schema.id());
            try (SliceFileWriter out = SliceFileWriter.open(store, id, schema, origin)) {
                for (SortedChanges.Group g : groups) {
                    writeSlice(out, g);
                }
                if (withPayload) {
                    deletes = out.writeBlock(deleteBytes);
                    found = out.writeBlock(foundBytes);
                }
                written.add(out.finish());
            }
            if (keyReader != null) {
                KeyReader.KeyAppender keys =
                        new KeyReader.KeyAppender(changes.rowKeys().words(), 64);
                for (SortedChanges.Group g : groups) {
                    keys.append(changes.rowKeys(), g.firstRow(), g.firstRow() + g.rowCount());
                }
                keyReader.remember(id, keys.build());
            }
        }

        /** Nobody has heard of these files yet; on a full disk they would take what the next attempt needs. */
        void takeBack() {
            for (DataFile file : written) {
                try {
                    store.delete(file.object().path());
                } catch (IOException | StreamhouseException e) {
                    return; // orphans, which cleaning finds
                }
            }
        }

        private void writeSlice(SliceFileWriter out, SortedChanges.Group g) throws IOException {
            out.beginSlice(g.rowCount());
            int end = g.firstRow() + g.rowCount();
            int step = changes.rows().batchRows();
            for (int from = g.firstRow(); from < end; from += step) {
                int to = Math.min(end, from + step);
                out.write(changes.rows().rows(from, to));
            }
            KeyColumn keys = changes.rowKeys();
            Slice.KeyRange range = keys == null
                    ? Slice.KeyRange.NONE
                    : new Slice.KeyRange(
                            keys.canonical(g.firstRow()), keys.canonical(end - 1), keys.digest(g.firstRow(), end));
            out.endSlice(g.id(), range);
        }
    }
}
