package io.streamhouse.log;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.Partition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes of a position, for checkpoints: version 1, phase, snapshot id, rows consumed, then 0 for no split or 1, root
 * bucket, length and bytes of the partition tuple; fixed widths, big-endian. A new layout takes a new version.
 */
public final class ChangePositionCodec {
    private static final byte VERSION = 1;
    private static final String WHAT = "position of a changelog";

    private ChangePositionCodec() {}

    public static byte[] write(ChangePosition position) {
        byte[] partition = position.split().map(s -> s.partition().bytes()).orElseGet(() -> new byte[0]);
        ByteBuffer out = ByteBuffer.allocate(1 + 1 + 8 + 8 + 1 + 4 + 4 + partition.length);
        out.put(VERSION).put((byte) position.phase().ordinal());
        out.putLong(position.snapshotId()).putLong(position.rowsConsumed());
        out.put((byte) (position.split().isPresent() ? 1 : 0));
        out.putInt(position.split().map(ChangeSplitId::rootBucket).orElse(0));
        out.putInt(partition.length).put(partition);
        return out.array();
    }

    /** Refuses another version ({@code UNKNOWN_VERSION}) and bytes that no position has ({@code CORRUPT_FILE}). */
    public static ChangePosition read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte version = in.get();
            if (version != VERSION) {
                throw StreamhouseException.unknownVersion(WHAT, "version %d".formatted(version));
            }
            byte phase = in.get();
            if (phase < 0 || phase >= Phase.values().length) {
                throw StreamhouseException.corrupt(WHAT, "phase %d".formatted(phase));
            }
            long snapshotId = in.getLong();
            long rows = in.getLong();
            boolean hasSplit = in.get() != 0;
            int bucket = in.getInt();
            int length = in.getInt();
            if (length != in.remaining()) {
                throw StreamhouseException.corrupt(
                        WHAT, "partition of %d bytes, %d are left".formatted(length, in.remaining()));
            }
            byte[] partition = new byte[length];
            in.get(partition);
            Optional<ChangeSplitId> split =
                    hasSplit ? Optional.of(new ChangeSplitId(new Partition(partition), bucket)) : Optional.empty();
            return new ChangePosition(Phase.values()[phase], snapshotId, split, rows);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw StreamhouseException.corrupt(WHAT, "%d bytes are no position".formatted(bytes.length), e);
        }
    }
}
