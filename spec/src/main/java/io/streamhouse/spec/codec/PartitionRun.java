package io.streamhouse.spec.codec;

import io.streamhouse.spec.key.Partition;

/**
 * Partition tuples of consecutive elements: varint 0 repeats the one before (at first: the empty tuple), otherwise
 * length of the tuple's bytes plus one, then the bytes.
 */
final class PartitionRun {
    private Partition last = Partition.NONE;

    void write(ByteOutput out, Partition partition) {
        if (partition.equals(last)) {
            out.writeVarint(0);
            return;
        }
        byte[] bytes = partition.bytes();
        out.writeVarint(bytes.length + 1L);
        out.writeRaw(bytes, 0, bytes.length);
        last = partition;
    }

    Partition read(ByteInput in) {
        int code = in.readInt();
        if (code == 0) {
            return last;
        }
        if (code - 1 > in.remaining()) {
            throw in.corrupt("partition tuple of %d bytes, %d left".formatted(code - 1, in.remaining()));
        }
        byte[] bytes = new byte[code - 1];
        in.readRaw(bytes, 0, bytes.length);
        Partition partition = new Partition(bytes);
        if (partition.equals(last)) {
            throw in.corrupt("partition tuple repeated instead of referenced");
        }
        last = partition;
        return partition;
    }
}
