package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.CheckpointBytes;
import io.streamhouse.spec.codec.TableDeltaCodec;
import io.streamhouse.spec.table.TableDelta;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** What a writer hands to the aggregator, in the table's own bytes. */
final class TableDeltaSerializer implements SimpleVersionedSerializer<TableDelta> {
    static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(TableDelta delta) {
        return TableDeltaCodec.write(delta);
    }

    @Override
    public TableDelta deserialize(int version, byte[] bytes) throws IOException {
        return CheckpointBytes.read(
                "writer result", version, VERSION, () -> TableDeltaCodec.read(bytes, "writer result"));
    }
}
