package io.streamhouse.flink.source;

import java.util.Map;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.table.data.RowData;

/** One source task: a fetcher thread reads its splits one after another, the task emits them and knows the position. */
@SuppressWarnings("try") // Flink declares close() with Exception
final class TableSourceReader
        extends SingleThreadMultiplexSourceReaderBase<SourceRow, RowData, TableSplit, SplitProgress> {
    private final SplitOpener opener;

    /** @param opener closed with the reader */
    TableSourceReader(SplitOpener opener, SourceReaderContext context) {
        super(
                () -> new SplitFetch(opener),
                (element, output, progress) -> {
                    output.collect(element.row());
                    progress.advance(element.rowsConsumed());
                },
                context.getConfiguration(),
                context);
        this.opener = opener;
    }

    @Override
    public void start() {
        super.start();
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected void onSplitFinished(Map<String, SplitProgress> finished) {
        if (getNumberOfCurrentlyAssignedSplits() == 0) {
            context.sendSplitRequest();
        }
    }

    @Override
    protected SplitProgress initializedState(TableSplit split) {
        return new SplitProgress(split);
    }

    @Override
    protected TableSplit toSplitType(String id, SplitProgress progress) {
        return progress.toSplit();
    }

    @Override
    public void close() throws Exception {
        try {
            super.close();
        } finally {
            opener.close();
        }
    }
}
