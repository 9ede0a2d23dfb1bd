package io.streamhouse.flink.source;

import io.streamhouse.flink.table.CheckpointBytes;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The enumerator's state: own bytes, versioned. */
final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) {
        ByteOutput out = new ByteOutput();
        out.writeBoolean(state.cursor().started());
        out.writeVarint(state.cursor().nextSnapshot());
        out.writeVarint(state.cursor().lastSnapshot());
        out.writeVarint(state.nextSequence());
        out.writeVarint(state.pending().size());
        state.pending().forEach(s -> TableSplitSerializer.write(out, s));
        return out.toByteArray();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        return CheckpointBytes.read("enumerator", version, VERSION, () -> read(bytes));
    }

    private static EnumeratorState read(byte[] bytes) {
        ByteInput in = new ByteInput(bytes, "source enumerator state");
        EnumeratorState.Cursor cursor = new EnumeratorState.Cursor(in.readBoolean(), in.readVarint(), in.readVarint());
        long nextSequence = in.readVarint();
        int count = in.readCount(TableSplitSerializer.MIN_BYTES);
        List<TableSplit> pending = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            pending.add(TableSplitSerializer.read(in));
        }
        in.expectEnd();
        return new EnumeratorState(cursor, nextSequence, pending);
    }
}
