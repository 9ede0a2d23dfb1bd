package io.streamhouse.read;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFileReader;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.LakeView;
import io.streamhouse.lake.MovedPositions;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.type.Field;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/** A compaction done by hand, with the map of its rows: made at one snapshot, published at a later one. */
final class HandMadeCompaction {
    private final Table table;
    private final SnapshotChain chain;
    private final List<FileEntry> inputs = new ArrayList<>();
    private final List<DataFile> outputs = new ArrayList<>();
    private final PositionMap map;

    /** Rewrites the chosen files of the newest snapshot. */
    HandMadeCompaction(TestTable t, Predicate<FileEntry> chosen) throws IOException {
        this(t, t.open(), chosen);
    }

    HandMadeCompaction(TestTable t, Table table, Predicate<FileEntry> chosen) throws IOException {
        this.table = table;
        this.chain = table.snapshots();
        LakeView view = LakeView.of(chain.tree(chain.latest().orElseThrow()));
        Map<List<Object>, Integer> inputOfKey = new HashMap<>();
        List<PositionMap.Input> mapped = new ArrayList<>();
        List<List<Object>> moved = new ArrayList<>();
        List<FileEntry> inOrder = new ArrayList<>(view.files());
        inOrder.sort(Comparator.comparing(e -> e.file().object().path()));
        for (FileEntry e : inOrder) {
            if (!chosen.test(e)) {
                continue;
            }
            UUID id = e.file().object().id();
            int[] masked = view.mask(id) == null ? new int[0] : view.mask(id).toArray();
            List<List<Object>> rows = rows(e.file());
            for (int i = 0; i < rows.size(); i++) {
                if (view.isVisible(id, i)) {
                    inputOfKey.put(t.keyOf(rows.get(i)), mapped.size());
                    moved.add(rows.get(i));
                }
            }
            mapped.add(new PositionMap.Input(id, e.addedIn(), e.file().rowCount(), masked));
            inputs.add(e);
        }
        byte[] inputOf = new byte[moved.size()];
        List<PositionMap.Output> out = new ArrayList<>();
        int n = 0;
        if (!moved.isEmpty()) {
            for (DataFile file : written(moved)) {
                for (List<Object> row : rows(file)) {
                    inputOf[n++] = inputOfKey.get(t.keyOf(row)).byteValue();
                }
                out.add(new PositionMap.Output(file.object().id(), file.rowCount()));
                outputs.add(file);
            }
        }
        this.map = new PositionMap(mapped, out, inputOf);
    }

    private List<List<Object>> rows(DataFile file) throws IOException {
        List<Field> fields = table.schema().fields();
        int[] all = IntStream.range(0, fields.size()).toArray();
        List<List<Object>> out = new ArrayList<>();
        try (ColumnFileReader in =
                ColumnFiles.reader(table.components().store(), file, fields, all, 0, file.rowCount())) {
            for (ColumnBatch batch = in.next(); batch != null; batch = in.next()) {
                for (int i = 0; i < batch.rowCount(); i++) {
                    out.add(TestTable.values(batch, fields, i));
                }
            }
        }
        return out;
    }

    private List<DataFile> written(List<List<Object>> rows) throws IOException {
        WriterSettings settings =
                new WriterSettings(0, 1, DataSize.ofMebibytes(1), Path.of(System.getProperty("java.io.tmpdir")));
        try (TableWriter writer = TableWriter.forOverwrite(table, settings)) {
            for (List<Object> row : rows) {
                writer.write(RowKind.INSERT, Row.of(row.toArray()));
            }
            return writer.flush().orElseThrow().files().stream()
                    .map(f -> new DataFile(
                            f.object(),
                            new DataFile.Origin(
                                    1,
                                    f.origin().content(),
                                    FileSource.COMPACT,
                                    f.origin().schemaId()),
                            f.rowCount(),
                            f.slices(),
                            f.rowGroups(),
                            f.stats()))
                    .toList();
        }
    }

    /** Publishes at the newest snapshot, however often that moves; false if an input is gone. */
    boolean commit() throws IOException {
        Snapshot head = chain.latest().orElseThrow();
        while (true) {
            Optional<CommitOutcome> outcome = commit(head);
            if (outcome.isPresent() && outcome.get() instanceof CommitOutcome.HeadMoved moved) {
                head = moved.head();
            } else {
                return outcome.isPresent() && outcome.get() instanceof CommitOutcome.Committed;
            }
        }
    }

    private Optional<CommitOutcome> commit(Snapshot head) throws IOException {
        LakeView view = LakeView.of(chain.tree(head));
        MovedPositions moved = MovedPositions.of(map);
        Map<UUID, RoaringBitmap> masks = new HashMap<>();
        Set<UUID> removed = new HashSet<>();
        for (FileEntry input : inputs) {
            UUID id = input.file().object().id();
            FileEntry live = view.file(id);
            if (live == null || live.addedIn() != input.addedIn()) {
                return Optional.empty();
            }
            removed.add(id);
            for (int p : view.mask(id) == null ? new int[0] : view.mask(id).toArray()) {
                int row = moved.outputRow(id, p);
                if (row >= 0) {
                    masks.computeIfAbsent(moved.file(row), f -> new RoaringBitmap())
                            .add(moved.position(row));
                }
            }
        }
        if (removed.isEmpty()) {
            return Optional.empty();
        }
        List<FileMask> translated = new ArrayList<>();
        masks.forEach((file, rows) -> translated.add(new FileMask(file, rows.toArray())));
        CommitChange change = new CommitChange(
                DeltaCounts.ZERO,
                List.of(),
                0,
                0,
                outputs.isEmpty() ? Optional.empty() : Optional.of(new BlockRef.Inline(PositionMapCodec.write(map))));
        return Optional.of(chain.publish(
                Optional.of(head),
                new SnapshotDraft(
                        SnapshotKind.COMPACT,
                        Optional.empty(),
                        head.header().schemaId(),
                        head.id(),
                        outputs,
                        removed,
                        translated,
                        change,
                        0,
                        KeyDigest.ZERO,
                        OptionalLong.empty(),
                        Map.of(),
                        Optional.empty())));
    }
}
