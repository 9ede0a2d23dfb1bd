package io.streamhouse.compact;

import io.streamhouse.catalog.Table;
import io.streamhouse.lake.BucketId;
import io.streamhouse.lake.SliceFileWriter;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileSource;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Merges the visible rows of whole files by (partition, bucket, key) into new ones, batch by batch, and reads them back
 * before anybody may rely on them. In a table without key the rows of an input follow those of the one before it.
 *
 * <p>Memory: one batch and one compressed row group an input, the output's open row group, a byte a row for the position
 * map. One thread, used once.
 */
final class CompactionRewrite {
    /** A larger map stands in front of the last output's footer. */
    static final int MAX_INLINE_MAP_BYTES = 8 << 10;

    private static final int LEVEL = 1;

    private final ObjectStore store;
    private final Table table;
    private final TableSchema schema;
    private final Compaction compaction;
    private final CompactionSettings settings;
    private final BooleanSupplier cancelled;
    private final Interleave interleave;
    private final KeyEncoder encoder;
    private final RewriteSums before = new RewriteSums();
    private final byte[] inputOf;
    private int rowCount;
    private final List<UUID> ids = new ArrayList<>();
    private final List<DataFile> outputs = new ArrayList<>();

    /**
     * @param cancelled asked once a batch
     * @param interleave makes output batches
     */
    CompactionRewrite(
            Table table,
            Compaction compaction,
            CompactionSettings settings,
            BooleanSupplier cancelled,
            Interleave interleave) {
        this.store = table.components().store();
        this.table = table;
        this.schema = table.schema();
        this.compaction = compaction;
        this.settings = settings;
        this.cancelled = cancelled;
        this.interleave = interleave;
        this.encoder = schema.layout().hasKey() ? KeyEncoder.of(schema.project(schema.keyIndexes())) : null;
        this.inputOf = new byte[Math.toIntExact(compaction.visibleRows())];
    }

    /**
     * Writes the outputs and checks them; after a failure none of them is left, as far as the store lets itself be
     * cleaned.
     *
     * @throws StreamhouseException {@code CORRUPT_FILE} if what was written does not read as what was to be written
     */
    CompactionResult run() throws IOException {
        boolean done = false;
        try {
            OutputPlan plan = OutputPlan.of(compaction, settings);
            Optional<BlockRef> mapBlock = Optional.empty();
            InputRows[] inputs = open();
            try (Outputs out = new Outputs()) {
                for (OutputPlan.Bucket bucket : plan.buckets()) {
                    merge(bucket, inputs, out);
                }
                requireAllRows();
                mapBlock = out.finish();
            } finally {
                close(inputs);
            }
            RewriteSums.Totals sums = before.totals();
            OutputCheck.require(store, schema, encoder, outputs, sums, cancelled);
            done = true;
            return new CompactionResult(
                    compaction, outputs, rowCount == 0 ? Optional.empty() : Optional.of(map()), mapBlock, sums);
        } finally {
            if (!done) {
                deleteOutputs();
            }
        }
    }

    private InputRows[] open() throws IOException {
        InputRows[] inputs = new InputRows[compaction.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            Compaction.Input input = compaction.inputs().get(i);
            int schemaId = input.entry().file().origin().schemaId();
            TableSchema written = schemaId == schema.id() ? schema : table.schema(schemaId);
            inputs[i] = new InputRows(store, input, written.fields(), schema, encoder, before);
        }
        return inputs;
    }

    private static void close(InputRows[] inputs) throws IOException {
        IOException failure = null;
        for (InputRows input : inputs) {
            try {
                input.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void merge(OutputPlan.Bucket bucket, InputRows[] inputs, Outputs out) throws IOException {
        MergeOrder order = new MergeOrder(inputs);
        for (int i = 0; i < inputs.length; i++) {
            if (bucket.slices()[i] != null && inputs[i].enter(bucket.slices()[i])) {
                order.add(i);
            }
        }
        int[] slotOf = new int[inputs.length];
        ColumnBatch[] slotBatch = new ColumnBatch[inputs.length];
        for (OutputPlan.Piece piece : bucket.pieces()) {
            out.begin(piece);
            for (int written = 0; written < piece.rowCount(); ) {
                interleave.clear();
                Arrays.fill(slotBatch, null);
                int rest = piece.rowCount() - written;
                while (interleave.count() < rest && !interleave.isFull() && !interleave.holdsMuch(inputs.length)) {
                    if (order.isEmpty()) {
                        throw StreamhouseException.corrupt(
                                compaction
                                        .inputs()
                                        .get(0)
                                        .entry()
                                        .file()
                                        .object()
                                        .path(),
                                "%s has fewer visible rows than its slices and masks say".formatted(bucket.id()));
                    }
                    int i = order.first();
                    InputRows input = inputs[i];
                    if (slotBatch[i] != input.batch()) {
                        slotBatch[i] = input.batch();
                        slotOf[i] = interleave.slot(input.batch(), input.keys());
                    }
                    interleave.pick(slotOf[i], input.row());
                    inputOf[rowCount++] = (byte) i;
                    order.step(input.advance());
                }
                written += interleave.count();
                out.write();
                checkCancelled();
            }
            out.end(bucket.id());
        }
        if (!order.isEmpty()) {
            throw new IllegalStateException("%s has more visible rows than planned".formatted(bucket.id()));
        }
    }

    private void requireAllRows() {
        if (rowCount != inputOf.length) {
            throw StreamhouseException.corrupt(
                    compaction.inputs().get(0).entry().file().object().path(),
                    "%d visible rows were merged, the masks leave %d".formatted(rowCount, inputOf.length));
        }
    }

    private void checkCancelled() throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new CancelledException();
        }
    }

    private PositionMap map() {
        List<PositionMap.Output> files = new ArrayList<>();
        for (DataFile f : outputs) {
            files.add(new PositionMap.Output(f.object().id(), f.rowCount()));
        }
        return map(files);
    }

    private PositionMap map(List<PositionMap.Output> files) {
        List<PositionMap.Input> inputs = new ArrayList<>();
        for (Compaction.Input i : compaction.inputs()) {
            inputs.add(new PositionMap.Input(
                    i.id(),
                    i.entry().addedIn(),
                    i.entry().file().rowCount(),
                    i.hidden().toArray()));
        }
        return new PositionMap(inputs, files, inputOf);
    }

    private void deleteOutputs() {
        for (UUID id : ids) {
            try {
                store.delete(SliceFileWriter.path(schema, id));
            } catch (IOException | StreamhouseException e) {
                return; // an orphan, which cleaning finds
            }
        }
    }

    /** The output that is being written, one after another. */
    private final class Outputs implements AutoCloseable {
        private SliceFileWriter file;
        private int ordinal = -1;
        private KeyDigestSum keys;
        private byte[] min;
        private byte[] max;

        void begin(OutputPlan.Piece piece) throws IOException {
            if (piece.file() != ordinal) {
                finishFile();
                UUID id = table.components().ids().next();
                ids.add(id);
                DataFile.Origin origin = new DataFile.Origin(LEVEL, ContentType.DATA, FileSource.COMPACT, schema.id());
                file = SliceFileWriter.open(store, id, schema, origin);
                ordinal = piece.file();
            }
            file.beginSlice(piece.rowCount());
            keys = new KeyDigestSum();
            min = null;
        }

        /** Writes the picked rows. */
        void write() throws IOException {
            int n = interleave.count();
            if (encoder != null) {
                if (min == null) {
                    min = interleave.keysAt(0).canonical(interleave.rowAt(0));
                }
                max = interleave.keysAt(n - 1).canonical(interleave.rowAt(n - 1));
                for (int i = 0; i < n; i++) {
                    KeyColumn column = interleave.keysAt(i);
                    column.addTo(keys, interleave.rowAt(i));
                }
            }
            file.write(interleave.batch());
        }

        void end(BucketId bucket) {
            file.endSlice(bucket, encoder == null ? Slice.KeyRange.NONE : new Slice.KeyRange(min, max, keys.digest()));
        }

        private void finishFile() throws IOException {
            if (file != null) {
                outputs.add(file.finish());
                file.close();
                file = null;
            }
        }

        /** Ends the last file, with the position map in it if that is large; tells where the map stands. */
        Optional<BlockRef> finish() throws IOException {
            if (file == null) {
                return Optional.empty();
            }
            List<PositionMap.Output> files = new ArrayList<>();
            int earlier = 0;
            for (DataFile f : outputs) {
                files.add(new PositionMap.Output(f.object().id(), f.rowCount()));
                earlier += f.rowCount();
            }
            files.add(new PositionMap.Output(ids.get(ids.size() - 1), rowCount - earlier));
            byte[] bytes = PositionMapCodec.write(map(files));
            BlockRef ref = bytes.length <= MAX_INLINE_MAP_BYTES ? new BlockRef.Inline(bytes) : file.writeBlock(bytes);
            finishFile();
            return Optional.of(ref);
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
