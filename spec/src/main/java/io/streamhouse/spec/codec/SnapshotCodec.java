package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.table.SnapshotKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code snapshot/<id>.json}.
 *
 * @see "spec/commit.md, section Snapshots"
 */
public final class SnapshotCodec {
    /** Format version that this build reads and writes. */
    public static final int FORMAT_VERSION = 1;

    private static final Set<String> KNOWN_FLAGS = Set.of();

    private SnapshotCodec() {}

    public static byte[] write(Snapshot s) {
        ObjectNode out = TwoLines.JSON.createObjectNode();
        out.put("format-version", FORMAT_VERSION);
        out.putArray("feature-flags");
        writeHeader(out, s.header());
        out.put("user", s.author().user());
        out.put("identifier", s.author().identifier());
        CommitMapJson.write(out.putObject("commits"), s.commits());
        InlineBlocks blocks = new InlineBlocks();
        TreeJson.write(out, s.tree(), blocks);
        writeChange(out.putObject("change"), s.change(), blocks);
        out.put("row-count", s.totals().rowCount());
        out.put("key-digest", s.totals().digest().toString());
        out.put("next-row-id", s.totals().nextRowId());
        if (!s.cleaned().equals(Cleaned.NOTHING)) {
            ObjectNode cleaned = out.putObject("cleaned");
            cleaned.put("changed-before", s.cleaned().changedBefore());
            cleaned.put("base-below", s.cleaned().baseBelow());
        }
        ObjectNode properties = out.putObject("properties");
        s.properties().forEach(properties::put);
        out.put("inline", InlineBlocks.write(s.tree().tail(), blocks));
        return TwoLines.write(out);
    }

    /** Checks version, flags, length and checksum first; anything else than a whole snapshot is an error. */
    public static Snapshot read(byte[] bytes, String object) {
        JsonRecord in = TwoLines.read(bytes, object);
        in.checkVersion(FORMAT_VERSION, KNOWN_FLAGS);
        return Frame.checked(object, () -> {
            InlineBlocks.Content inline = InlineBlocks.read(in.text("inline"), object);
            Snapshot snapshot = new Snapshot(
                    readHeader(in),
                    new Snapshot.Author(in.text("user"), in.longOf("identifier")),
                    CommitMapJson.read(in),
                    TreeJson.read(in, inline),
                    readChange(in.child("change"), inline),
                    new Snapshot.Totals(in.longOf("row-count"), in.digest("key-digest"), in.longOf("next-row-id")),
                    in.optionalChild("cleaned")
                            .map(c -> new Cleaned(c.longOf("changed-before"), c.longOf("base-below")))
                            .orElse(Cleaned.NOTHING),
                    in.textMap("properties"));
            inline.expectAllUsed();
            return snapshot;
        });
    }

    /** CRC-32C of line one of a snapshot's bytes: what a child names as {@code parentCrc}. Checks line two. */
    public static int crcOfFirstLine(byte[] bytes, String object) {
        return Checksums.crc32c(bytes, 0, TwoLines.firstLine(bytes, object));
    }

    /** {@link #crcOfFirstLine(byte[], String)} of bytes that were just written or read. */
    public static int crcOfFirstLine(byte[] bytes) {
        return crcOfFirstLine(bytes, "snapshot");
    }

    private static void writeHeader(ObjectNode out, SnapshotHeader h) {
        out.put("id", h.id());
        out.put("parent-id", h.parentId());
        out.put("parent-crc32c", Checksums.hex(h.parentCrc()));
        out.put("commit-uuid", h.commitUuid().toString());
        out.put("kind", h.kind().name());
        out.put("schema-id", h.schemaId());
        out.put("time-millis", h.timeMillis());
        h.table().ifPresent(uuid -> out.put("table", uuid.toString()));
    }

    private static SnapshotHeader readHeader(JsonRecord in) {
        return new SnapshotHeader(
                in.longOf("id"),
                in.longOf("parent-id"),
                in.crc("parent-crc32c"),
                in.uuid("commit-uuid"),
                in.constant("kind", SnapshotKind.class),
                in.intOf("schema-id"),
                in.longOf("time-millis"),
                in.optionalUuid("table"));
    }

    private static void writeChange(ObjectNode out, CommitChange change, InlineBlocks blocks) {
        DeltaCounts c = change.counts();
        out.put("inserted", c.inserted());
        out.put("updated", c.updated());
        out.put("deleted", c.deleted());
        out.put("inserted-keys", c.insertedKeys().toString());
        out.put("deleted-keys", c.deletedKeys().toString());
        var deletes = out.putArray("deletes");
        for (BlockRef ref : change.deletes()) {
            blocks.writeRef(deletes.addObject(), ref);
        }
        out.put("examined-rows", change.examinedRows());
        out.put("conflicts", change.conflicts());
        change.positionMap().ifPresent(ref -> blocks.writeRef(out.putObject("position-map"), ref));
    }

    private static CommitChange readChange(JsonRecord in, InlineBlocks.Content inline) {
        DeltaCounts counts = new DeltaCounts(
                in.longOf("inserted"),
                in.longOf("updated"),
                in.longOf("deleted"),
                in.digest("inserted-keys"),
                in.digest("deleted-keys"));
        List<BlockRef> deletes = new ArrayList<>();
        for (JsonRecord ref : in.children("deletes")) {
            deletes.add(inline.readRef(ref));
        }
        return new CommitChange(
                counts,
                deletes,
                in.longOf("examined-rows"),
                in.intOf("conflicts"),
                in.optionalChild("position-map").map(inline::readRef));
    }
}
