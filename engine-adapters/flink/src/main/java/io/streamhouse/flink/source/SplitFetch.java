package io.streamhouse.flink.source;

import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;

/**
 * Reads splits one after another, in the order they came. One fetcher thread; Flink drops an idle fetcher and makes
 * another one later, so the opener is the reader's.
 */
final class SplitFetch implements SplitReader<SourceRow, TableSplit> {
    private final SplitOpener opener;
    private final Queue<TableSplit> queue = new ArrayDeque<>();
    private SplitOpener.Rows current;
    private String currentId;

    SplitFetch(SplitOpener opener) {
        this.opener = opener;
    }

    @Override
    public RecordsWithSplitIds<SourceRow> fetch() throws IOException {
        try {
            if (current == null) {
                TableSplit split = queue.remove();
                currentId = split.splitId();
                current = opener.open(split);
            }
            Optional<RowBatch> batch = current.next();
            if (batch.isPresent()) {
                return batch.get();
            }
            current.close();
            current = null;
            return RowBatch.finished(currentId);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    @Override
    public void handleSplitsChanges(SplitsChange<TableSplit> change) {
        if (!(change instanceof SplitsAddition)) {
            throw new UnsupportedOperationException(
                    "splits are only added, not " + change.getClass().getSimpleName());
        }
        queue.addAll(change.splits());
    }

    @Override
    public void wakeUp() {
        // reads end by themselves; nothing waits here
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
