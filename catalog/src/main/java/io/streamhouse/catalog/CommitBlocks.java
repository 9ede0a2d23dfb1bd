package io.streamhouse.catalog;

import io.streamhouse.catalog.tree.MaskObjects;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The own masks and delete blocks of one commit, placed: small ones inline, what is larger together in one object, so
 * that a commit makes one object for both at most.
 *
 * @param segment the commit's own segment, absent if it masks nothing
 * @param change the change with its delete blocks where they stand now
 * @param path path of the object that was written, if any
 */
record CommitBlocks(Optional<SegmentRef> segment, CommitChange change, Optional<String> path) {

    /** Places the blocks of a draft that becomes snapshot {@code id}; writes at most one object. */
    static CommitBlocks place(MaskObjects objects, SnapshotDraft draft, long id) throws IOException {
        Optional<MaskSegment> own = draft.masks().isEmpty()
                ? Optional.empty()
                : Optional.of(new MaskSegment(id, id, MaskObjects.sorted(draft.masks())));
        byte[] masks = own.map(MaskSegmentCodec::write).orElse(new byte[0]);
        boolean storeMasks = masks.length > MaskObjects.MAX_INLINE_BYTES;
        boolean storeDeletes = inlineBytes(draft.change().deletes()) > MaskObjects.MAX_INLINE_BYTES;
        if (!storeMasks && !storeDeletes) {
            return new CommitBlocks(
                    own.map(s -> MaskObjects.ref(s, new BlockRef.Inline(masks))), draft.change(), Optional.empty());
        }
        Region region = new Region(objects.newPath());
        BlockRef maskBlock = storeMasks ? region.add(masks) : new BlockRef.Inline(masks);
        CommitChange change = storeDeletes ? region.moved(draft.change()) : draft.change();
        objects.put(region.path, region.bytes.toByteArray());
        return new CommitBlocks(own.map(s -> MaskObjects.ref(s, maskBlock)), change, Optional.of(region.path));
    }

    private static long inlineBytes(List<BlockRef> blocks) {
        return blocks.stream()
                .filter(BlockRef.Inline.class::isInstance)
                .mapToLong(BlockRef::length)
                .sum();
    }

    private static final class Region {
        final String path;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Region(String path) {
            this.path = path;
        }

        BlockRef add(byte[] block) {
            BlockRef.Stored ref = new BlockRef.Stored(path, bytes.size(), block.length, Checksums.crc32c(block));
            bytes.writeBytes(block);
            return ref;
        }

        CommitChange moved(CommitChange change) {
            List<BlockRef> deletes = new ArrayList<>();
            for (BlockRef block : change.deletes()) {
                deletes.add(block instanceof BlockRef.Inline inline ? add(inline.bytes()) : block);
            }
            return new CommitChange(
                    change.counts(), deletes, change.examinedRows(), change.conflicts(), change.positionMap());
        }
    }
}
