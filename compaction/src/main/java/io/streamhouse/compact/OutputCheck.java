package io.streamhouse.compact;

import io.streamhouse.lake.FileColumns;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Reads outputs back from the store: they must hold what the inputs showed, and be what their records say. */
final class OutputCheck {
    private final TableSchema schema;
    private final KeyEncoder encoder;
    private final DataFile file;
    private final RewriteSums sums;
    private int slice;
    private KeyDigestSum sliceKeys = new KeyDigestSum();
    private KeyColumn previous;

    private OutputCheck(TableSchema schema, KeyEncoder encoder, DataFile file, RewriteSums sums) {
        this.schema = schema;
        this.encoder = encoder;
        this.file = file;
        this.sums = sums;
    }

    /**
     * @param expected count and digests of the inputs' visible rows
     * @throws StreamhouseException {@code CORRUPT_FILE} naming what differs
     */
    static void require(
            ObjectStore store,
            TableSchema schema,
            KeyEncoder encoder,
            List<DataFile> outputs,
            RewriteSums.Totals expected,
            BooleanSupplier cancelled)
            throws IOException {
        RewriteSums sums = new RewriteSums();
        for (DataFile file : outputs) {
            OutputCheck check = new OutputCheck(schema, encoder, file, sums);
            try (FileColumns rows =
                    FileColumns.open(store, file, schema.fields(), schema.fields(), 0, file.rowCount())) {
                for (ColumnBatch batch = rows.next(); batch != null; batch = rows.next()) {
                    check.add(batch, rows.batchStart());
                    if (cancelled.getAsBoolean()) {
                        throw new CancelledException();
                    }
                }
            }
        }
        RewriteSums.Totals actual = sums.totals();
        if (!actual.equals(expected)) {
            throw StreamhouseException.corrupt(
                    outputs.isEmpty() ? "no output" : outputs.get(0).object().path(),
                    "a compaction wrote %s, its inputs show %s; nothing of it is published"
                            .formatted(actual, expected));
        }
    }

    private void add(ColumnBatch batch, int start) {
        KeyColumn keys = encoder == null
                ? null
                : encoder.keys(batch.project(schema.keyIndexes()).columns());
        sums.add(batch, keys, null, batch.rowCount());
        if (keys == null) {
            return;
        }
        for (int i = 0; i < batch.rowCount(); i++) {
            Slice of = file.slices().get(slice);
            int position = start + i;
            if (position == of.firstRow()) {
                require(Arrays.equals(keys.canonical(i), of.keys().min()), of, "another smallest key");
            } else {
                KeyColumn last = i == 0 ? previous : keys;
                int lastRow = i == 0 ? previous.size() - 1 : i - 1;
                require(last.compare(lastRow, keys, i) < 0, of, "keys that do not ascend");
            }
            keys.addTo(sliceKeys, i);
            if (position == of.endRow() - 1) {
                require(Arrays.equals(keys.canonical(i), of.keys().max()), of, "another largest key");
                require(sliceKeys.digest().equals(of.keys().digest()), of, "another digest of its keys");
                sliceKeys = new KeyDigestSum();
                slice++;
            }
        }
        previous = keys;
    }

    private void require(boolean holds, Slice of, String what) {
        if (!holds) {
            throw StreamhouseException.corrupt(
                    file.object().path(),
                    "rows [%d, %d) were compacted and have %s".formatted(of.firstRow(), of.endRow(), what));
        }
    }
}
