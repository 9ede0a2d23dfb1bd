package io.streamhouse.flink.source;

import io.streamhouse.flink.table.CheckpointBytes;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Splits in checkpoints and on the wire: own bytes, versioned. */
final class TableSplitSerializer implements SimpleVersionedSerializer<TableSplit> {
    static final int VERSION = 1;

    /** Least bytes of a split, for checks before allocation. */
    static final int MIN_BYTES = 5;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(TableSplit split) {
        ByteOutput out = new ByteOutput();
        write(out, split);
        return out.toByteArray();
    }

    static void write(ByteOutput out, TableSplit split) {
        out.writeVarint(split.sequence());
        out.writeByte(code(split.kind()));
        out.writeVarint(split.rootBucket());
        out.writeBytes(split.payload());
        out.writeVarint(split.rowsConsumed());
    }

    private static int code(TableSplit.Kind kind) {
        return switch (kind) {
            case SCAN -> 0;
            case FULL -> 1;
            case CHANGES -> 2;
        };
    }

    @Override
    public TableSplit deserialize(int version, byte[] bytes) throws IOException {
        return CheckpointBytes.read("split", version, VERSION, () -> {
            ByteInput in = new ByteInput(bytes, "source split");
            TableSplit split = read(in);
            in.expectEnd();
            return split;
        });
    }

    static TableSplit read(ByteInput in) {
        long sequence = in.readVarint();
        int code = in.readByte();
        TableSplit.Kind kind =
                switch (code) {
                    case 0 -> TableSplit.Kind.SCAN;
                    case 1 -> TableSplit.Kind.FULL;
                    case 2 -> TableSplit.Kind.CHANGES;
                    default -> throw in.corrupt("split kind " + code);
                };
        return new TableSplit(sequence, kind, in.readInt(), in.readBytes(), in.readVarint());
    }
}
