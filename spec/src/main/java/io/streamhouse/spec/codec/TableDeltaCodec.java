package io.streamhouse.spec.codec;

import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.TableDelta;
import java.util.List;

/**
 * What one writer adds at a barrier, as engines carry it and keep it in their state.
 *
 * @see "spec/commit.md, section Deltas"
 */
public final class TableDeltaCodec {
    private static final Frame FRAME = new Frame("SHTD", 1, "table delta");

    static final int MIN_BYTES = 5 + 3 + 2 * DigestBytes.LENGTH + 4;

    private TableDeltaCodec() {}

    public static byte[] write(TableDelta delta) {
        return FRAME.write(out -> writeBody(out, delta));
    }

    public static TableDelta read(byte[] bytes, String object) {
        return FRAME.read(bytes, object, TableDeltaCodec::readBody);
    }

    static void writeBody(ByteOutput out, TableDelta delta) {
        out.writeVarint(delta.writer());
        out.writeVarint(delta.since());
        out.writeVarint(delta.schemaId());
        Elements.write(out, delta.files(), DataFileCodec::writeBody);
        out.writeBoolean(delta.keyless());
        DeltaCounts c = delta.counts();
        out.writeVarint(c.inserted());
        out.writeVarint(c.updated());
        out.writeVarint(c.deleted());
        DigestBytes.write(out, c.insertedKeys());
        DigestBytes.write(out, c.deletedKeys());
        BlockRefBytes.write(out, delta.deletes());
        BlockRefBytes.write(out, delta.found());
    }

    static TableDelta readBody(ByteInput in) {
        int writer = in.readInt();
        long since = in.readVarint();
        int schemaId = in.readInt();
        List<DataFile> files = Elements.read(in, DataFileCodec.MIN_BYTES, DataFileCodec::readBody);
        boolean keyless = in.readBoolean();
        DeltaCounts counts = new DeltaCounts(
                in.readVarint(), in.readVarint(), in.readVarint(), DigestBytes.read(in), DigestBytes.read(in));
        BlockRef deletes = BlockRefBytes.read(in);
        BlockRef found = BlockRefBytes.read(in);
        return new TableDelta(writer, since, schemaId, files, keyless, counts, deletes, found);
    }
}
