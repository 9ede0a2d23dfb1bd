package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Joins the writers' results of a checkpoint into one delta under the job's identity; the only place that knows it. Runs
 * once per sink.
 *
 * <p>In streams it fences the job's older attempts before anything else, and its state holds the timeline: user, epoch,
 * the last deltas. What belongs to a barrier goes out before it; at the end of the input the rest goes out once, under
 * the next identifier, because Flink drops what comes later.
 */
final class DeltaAggregator extends AbstractStreamOperator<CommittableMessage<CommitDelta>>
        implements OneInputStreamOperator<CommittableMessage<TableDelta>, CommittableMessage<CommitDelta>> {
    private static final long serialVersionUID = 1L;
    private static final String STATE_NAME = "streamhouse-commit-timeline";

    private final SinkSpec spec;

    /** Whether a statement without rows publishes a delta too. */
    private final boolean publishesNoRows;

    private transient CommitTimeline timeline;
    private transient ListState<byte[]> state;

    /** Writers' results that no delta holds yet, by the checkpoint they were labelled with. */
    private transient NavigableMap<Long, List<TableDelta>> pending;

    private transient long lastCheckpoint;
    private transient OptionalLong watermark;
    private transient boolean finished;

    DeltaAggregator(SinkSpec spec, boolean publishesNoRows) {
        this.spec = spec;
        this.publishesNoRows = publishesNoRows;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        pending = new TreeMap<>();
        watermark = OptionalLong.empty();
        lastCheckpoint = context.getRestoredCheckpointId().orElse(0);
        String freshUser =
                spec.commitUser(getRuntimeContext().getJobInfo().getJobId().toString());
        if (spec.batch()) {
            timeline = CommitTimeline.fresh(CommitUser.named(freshUser), UUID::randomUUID);
            return;
        }
        state = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>(STATE_NAME, BytePrimitiveArraySerializer.INSTANCE));
        timeline = restoredOrFresh(freshUser);
        SinkProbe.active().beforeFence(spec.address().toString());
        fence();
        SinkProbe.active().afterFence(spec.address().toString());
    }

    private CommitTimeline restoredOrFresh(String freshUser) throws Exception {
        List<byte[]> restored = new ArrayList<>();
        state.get().forEach(restored::add);
        if (restored.size() > 1) {
            throw new IllegalStateException(
                    "state %s has %d elements, expected one at most".formatted(STATE_NAME, restored.size()));
        }
        try {
            return restored.isEmpty()
                    ? CommitTimeline.fresh(CommitUser.named(freshUser), UUID::randomUUID)
                    : CommitTimeline.restore(restored.get(0), UUID::randomUUID);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    private void fence() throws IOException {
        OlderSavepoint policy = spec.newUserOnOlderSavepoint() ? OlderSavepoint.NEW_USER : OlderSavepoint.REFUSE;
        try (OpenTable open = spec.address().open()) {
            timeline.fence(open.table().snapshots(), lastCheckpoint, policy);
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    @Override
    public void processElement(StreamRecord<CommittableMessage<TableDelta>> element) {
        if (element.getValue() instanceof CommittableWithLineage<TableDelta> result) {
            pending.computeIfAbsent(result.getCheckpointId(), k -> new ArrayList<>())
                    .add(result.getCommittable());
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        super.processWatermark(mark);
        // the mark of a finished input says nothing about event time
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            watermark = OptionalLong.of(mark.getTimestamp());
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        lastCheckpoint = checkpoint;
        emitUpTo(checkpoint, checkpoint, false);
    }

    @Override
    public void finish() throws Exception {
        emitUpTo(Long.MAX_VALUE, lastCheckpoint + 1, publishesNoRows);
        finished = true;
        super.finish();
    }

    private void emitUpTo(long lastLabel, long identifier, boolean evenWithoutRows) {
        NavigableMap<Long, List<TableDelta>> ready = pending.headMap(lastLabel, true);
        List<TableDelta> parts = new ArrayList<>();
        ready.values().forEach(parts::addAll);
        ready.clear();
        if (parts.isEmpty() && !evenWithoutRows) {
            return;
        }
        if (finished) {
            throw new IllegalStateException("results of %d writers arrived after the end of the input of %s"
                    .formatted(parts.size(), spec.address()));
        }
        parts.sort(Comparator.comparingInt(TableDelta::writer));
        CommitDelta delta = timeline.next(identifier, watermark, parts, spec.batch());
        output.collect(new StreamRecord<>(new CommittableSummary<>(0, 1, identifier, 1, 0)));
        output.collect(new StreamRecord<>(new CommittableWithLineage<>(delta, identifier, 0)));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (!spec.batch()) {
            state.update(List.of(timeline.state()));
        }
    }
}
