package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.CheckpointBytes;
import io.streamhouse.spec.codec.CommitDeltaCodec;
import io.streamhouse.spec.table.CommitDelta;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** What the committer keeps in its state until the checkpoint is complete, in the table's own bytes. */
final class CommitDeltaSerializer implements SimpleVersionedSerializer<CommitDelta> {
    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(CommitDelta delta) {
        return CommitDeltaCodec.write(delta);
    }

    @Override
    public CommitDelta deserialize(int version, byte[] bytes) throws IOException {
        return CheckpointBytes.read("committable", version, VERSION, () -> CommitDeltaCodec.read(bytes, "committable"));
    }
}
