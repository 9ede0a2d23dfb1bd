package io.streamhouse.spec.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Tail;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * The one base64 field of a snapshot: tail entries, removed files, and the bytes of all blocks that stand in the
 * snapshot itself. The record names such a block by its number.
 */
final class InlineBlocks {
    private final List<byte[]> blocks = new ArrayList<>();

    /** Writes a reference; the bytes of an inline block are collected for {@link #write}. */
    void writeRef(ObjectNode out, BlockRef ref) {
        if (ref instanceof BlockRef.Stored s) {
            out.put("path", s.path());
            out.put("offset", s.offset());
            out.put("length", s.length());
            out.put("crc32c", Checksums.hex(s.crc()));
        } else {
            out.put("inline", blocks.size());
            blocks.add(((BlockRef.Inline) ref).bytes());
        }
    }

    /** The whole field. */
    static String write(Tail tail, InlineBlocks collected) {
        ByteOutput out = new ByteOutput();
        Elements.write(out, tail.entries(), FileEntryCodec::writeBody);
        Elements.write(out, tail.removed(), ByteOutput::writeUuid);
        Elements.write(out, collected.blocks, ByteOutput::writeBytes);
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    static Content read(String base64, String object) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw StreamhouseException.corrupt(object, "'inline' is not base64", e);
        }
        ByteInput in = new ByteInput(bytes, object);
        List<FileEntry> entries = Elements.read(in, FileEntryCodec.MIN_BYTES, FileEntryCodec::readBody);
        List<UUID> removed = Elements.read(in, 16, ByteInput::readUuid);
        List<byte[]> blocks = Elements.read(in, 1, ByteInput::readBytes);
        in.expectEnd();
        return new Content(new Tail(entries, removed), blocks, object);
    }

    /** What a snapshot holds inline. */
    static final class Content {
        private final Tail tail;
        private final List<byte[]> blocks;
        private final String object;
        private int used;

        Content(Tail tail, List<byte[]> blocks, String object) {
            this.tail = tail;
            this.blocks = blocks;
            this.object = object;
        }

        Tail tail() {
            return tail;
        }

        BlockRef readRef(JsonRecord ref) {
            if (!ref.has("inline")) {
                return new BlockRef.Stored(
                        ref.text("path"), ref.longOf("offset"), ref.intOf("length"), ref.crc("crc32c"));
            }
            if (ref.intOf("inline") != used || used >= blocks.size()) {
                throw StreamhouseException.corrupt(
                        object,
                        "inline block %d named, next of %d is %d".formatted(ref.intOf("inline"), blocks.size(), used));
            }
            return new BlockRef.Inline(blocks.get(used++));
        }

        void expectAllUsed() {
            if (used != blocks.size()) {
                throw StreamhouseException.corrupt(object, "%d inline blocks, %d named".formatted(blocks.size(), used));
            }
        }
    }
}
