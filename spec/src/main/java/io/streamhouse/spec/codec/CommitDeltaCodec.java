package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DeltaIdentity;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The committable: identity, watermark and the writers' deltas.
 *
 * @see "spec/commit.md, section Deltas"
 */
public final class CommitDeltaCodec {
    private static final Frame FRAME = new Frame("SHCD", 1, "commit delta");

    private CommitDeltaCodec() {}

    public static byte[] write(CommitDelta delta) {
        return FRAME.write(out -> {
            writeIdentity(out, delta.identity());
            out.writeBoolean(delta.watermark().isPresent());
            if (delta.watermark().isPresent()) {
                out.writeZigzag(delta.watermark().getAsLong());
            }
            Elements.write(out, delta.parts(), TableDeltaCodec::writeBody);
        });
    }

    public static CommitDelta read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, in -> {
            DeltaIdentity identity = readIdentity(in);
            OptionalLong watermark = in.readBoolean() ? OptionalLong.of(in.readZigzag()) : OptionalLong.empty();
            return new CommitDelta(
                    identity, watermark, Elements.read(in, TableDeltaCodec.MIN_BYTES, TableDeltaCodec::readBody));
        });
    }

    private static void writeIdentity(ByteOutput out, DeltaIdentity id) {
        out.writeString(id.user());
        out.writeVarint(id.epoch());
        out.writeZigzag(id.identifier());
        out.writeUuid(id.delta());
        out.writeBoolean(id.predecessor().isPresent());
        id.predecessor().ifPresent(out::writeUuid);
        out.writeBoolean(id.closesUser());
    }

    private static DeltaIdentity readIdentity(ByteInput in) {
        String user = in.readString();
        int epoch = in.readInt();
        long identifier = in.readZigzag();
        UUID delta = in.readUuid();
        Optional<UUID> predecessor = in.readBoolean() ? Optional.of(in.readUuid()) : Optional.empty();
        return new DeltaIdentity(user, epoch, identifier, delta, predecessor, in.readBoolean());
    }
}
