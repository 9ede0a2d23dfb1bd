package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.TreeRefs;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** References to manifests and mask segments inside a snapshot's record; the tail stands in the inline field. */
final class TreeJson {
    private TreeJson() {}

    static void write(ObjectNode out, TreeRefs tree, InlineBlocks blocks) {
        var manifests = out.putArray("manifests");
        for (ManifestRef m : tree.manifests()) {
            writeManifest(manifests.addObject(), m);
        }
        var segments = out.putArray("segments");
        for (SegmentRef s : tree.segments()) {
            ObjectNode o = segments.addObject();
            o.put("from-snapshot", s.fromSnapshot());
            o.put("to-snapshot", s.toSnapshot());
            o.put("files", s.files());
            o.put("positions", s.positions());
            blocks.writeRef(o.putObject("block"), s.block());
        }
        out.put("last-removal-in", tree.lastRemovalIn());
    }

    static TreeRefs read(JsonRecord in, InlineBlocks.Content inline) {
        List<ManifestRef> manifests = new ArrayList<>();
        for (JsonRecord m : in.children("manifests")) {
            manifests.add(readManifest(m));
        }
        List<SegmentRef> segments = new ArrayList<>();
        for (JsonRecord s : in.children("segments")) {
            segments.add(new SegmentRef(
                    s.longOf("from-snapshot"),
                    s.longOf("to-snapshot"),
                    s.intOf("files"),
                    s.longOf("positions"),
                    inline.readRef(s.child("block"))));
        }
        return new TreeRefs(manifests, segments, inline.tail(), in.longOf("last-removal-in"));
    }

    private static void writeManifest(ObjectNode out, ManifestRef m) {
        out.put("path", m.path());
        out.put("size-bytes", m.sizeBytes());
        out.put("crc32c", Checksums.hex(m.crc()));
        out.put("entries", m.entries());
        ManifestRef.Range r = m.range();
        out.put("min-partition", HexFormat.of().formatHex(r.minPartition().bytes()));
        out.put("max-partition", HexFormat.of().formatHex(r.maxPartition().bytes()));
        out.put("min-bucket", r.minBucket());
        out.put("max-bucket", r.maxBucket());
        out.put("min-added-in", r.minAddedIn());
        out.put("max-added-in", r.maxAddedIn());
    }

    private static ManifestRef readManifest(JsonRecord m) {
        ManifestRef.Range range = new ManifestRef.Range(
                m.partition("min-partition"),
                m.partition("max-partition"),
                m.intOf("min-bucket"),
                m.intOf("max-bucket"),
                m.longOf("min-added-in"),
                m.longOf("max-added-in"));
        return new ManifestRef(m.text("path"), m.longOf("size-bytes"), m.crc("crc32c"), m.intOf("entries"), range);
    }
}
