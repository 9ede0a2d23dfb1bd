package io.streamhouse.flink.sink;

import io.streamhouse.flink.row.RowDataView;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.write.BucketRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.functions.Partitioner;
import org.apache.flink.table.data.RowData;

/** Sends all rows of a (partition, bucket) to one writer. One instance per task. */
final class BucketPartitioner implements Partitioner<RowData> {
    private static final long serialVersionUID = 1L;

    private final TableAddress address;
    private transient BucketRouter router;
    private transient RowDataView view;

    BucketPartitioner(TableAddress address) {
        this.address = address;
    }

    @Override
    public int partition(RowData row, int writers) {
        try {
            if (router == null) {
                open();
            }
            return router.writerOf(view.of(row), writers);
        } catch (StreamhouseException e) {
            IOException error = TaskErrors.of(e);
            throw new UncheckedIOException(error.getMessage(), error);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private void open() throws IOException {
        try (OpenTable open = address.open()) {
            router = new BucketRouter(open.table().schema());
            view = new RowDataView(open.table().schema().fields());
        }
    }
}
