package io.streamhouse.flink.sink;

import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.TableDelta;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;

/**
 * The sink of a table: rows go to the writer of their bucket, the writers' results to one aggregator, its deltas to one
 * committer. Holds plain values; tables are opened by the tasks.
 */
public final class StreamhouseSink
        implements Sink<RowData>,
                SupportsPreWriteTopology<RowData>,
                SupportsCommitter<CommitDelta>,
                SupportsPreCommitTopology<TableDelta, CommitDelta> {
    private static final long serialVersionUID = 1L;

    private final SinkSpec spec;
    private final Statement statement;

    /** Whether rows must reach the writer of their bucket; false for append tables without bucket key. */
    private final boolean shuffled;

    public StreamhouseSink(SinkSpec spec, Statement statement, boolean shuffled) {
        this.spec = Objects.requireNonNull(spec);
        this.statement = Objects.requireNonNull(statement);
        this.shuffled = shuffled;
    }

    @Override
    public DataStream<RowData> addPreWriteTopology(DataStream<RowData> rows) {
        return shuffled
                ? rows.partitionCustom(new BucketPartitioner(spec.address()), new WholeRow(rows.getType()))
                : rows;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
        return DeltaWriter.open(spec, statement, context);
    }

    @Override
    public SimpleVersionedSerializer<TableDelta> getWriteResultSerializer() {
        return new TableDeltaSerializer();
    }

    @Override
    public DataStream<CommittableMessage<CommitDelta>> addPreCommitTopology(
            DataStream<CommittableMessage<TableDelta>> results) {
        return results.global()
                .transform(
                        "Delta aggregator",
                        CommittableMessageTypeInfo.of(CommitDeltaSerializer::new),
                        new DeltaAggregator(spec, statement.publishesNoRows()))
                .setParallelism(1)
                .setMaxParallelism(1)
                .global();
    }

    @Override
    public Committer<CommitDelta> createCommitter(CommitterInitContext context) {
        return statement instanceof Statement.Insert
                ? new DeltaCommitter(spec, context.metricGroup())
                : new StatementCommitter(spec, statement, context.metricGroup());
    }

    @Override
    public SimpleVersionedSerializer<CommitDelta> getCommittableSerializer() {
        return new CommitDeltaSerializer();
    }
}
