package io.streamhouse.columnar;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.RowGroup;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.orc.OrcProto;
import org.apache.orc.impl.BufferChunk;

/** The checked bytes of one stripe, part by part as they are asked for. One thread. */
final class OrcStripe {
    private final ObjectStore store;
    private final String path;
    private final RowGroup group;
    private final int columnCount;
    private final byte[][] parts;

    OrcStripe(ObjectStore store, String path, RowGroup group) {
        this.store = store;
        this.path = path;
        this.group = group;
        this.columnCount = group.chunks().size() - FileCheck.EXTRA_CHUNKS;
        this.parts = new byte[group.chunks().size()][];
        ChunkLocator index = group.chunks().get(columnCount);
        long at = index.offset() + index.length();
        for (ChunkLocator chunk : group.chunks()) {
            if (chunk.codec() != OrcProfile.CODEC) {
                throw StreamhouseException.unknownVersion(path, "compression codec " + chunk.codec());
            }
            if (chunk != index && chunk.offset() != at) {
                throw StreamhouseException.corrupt(
                        path, "a part of a stripe stands at %d, expected at %d".formatted(chunk.offset(), at));
            }
            at += chunk == index ? 0 : chunk.length();
        }
    }

    int rowCount() {
        return group.rowCount();
    }

    /** Reads a column's streams unless they are here. */
    void fetchColumn(int column) throws IOException {
        fetch(column);
    }

    void fetchIndex() throws IOException {
        fetch(columnCount);
    }

    void fetchFooter() throws IOException {
        fetch(columnCount + 1);
    }

    private void fetch(int part) throws IOException {
        if (parts[part] == null) {
            parts[part] =
                    store.readChecked(path, ColumnFiles.range(group.chunks().get(part)));
        }
    }

    byte[] footer() {
        return parts[columnCount + 1];
    }

    /** As the file's footer describes it. */
    OrcProto.StripeInformation information() {
        List<ChunkLocator> chunks = group.chunks();
        ChunkLocator index = chunks.get(columnCount);
        ChunkLocator footer = chunks.get(columnCount + 1);
        return OrcProto.StripeInformation.newBuilder()
                .setOffset(index.offset())
                .setIndexLength(index.length())
                .setDataLength(footer.offset() - index.offset() - index.length())
                .setFooterLength(footer.length())
                .setNumberOfRows(group.rowCount())
                .build();
    }

    /** Gives ranges of the file their bytes; every range lies in a part that was fetched. */
    void fill(BufferChunk first) throws IOException {
        for (BufferChunk range = first; range != null; range = (BufferChunk) range.next) {
            if (!range.hasData()) {
                range.setChunk(bytes(range.getOffset(), range.getEnd()));
            }
        }
    }

    private ByteBuffer bytes(long from, long to) throws IOException {
        for (int p = 0; p < parts.length; p++) {
            ChunkLocator at = group.chunks().get(p);
            if (parts[p] != null && from >= at.offset() && to <= at.offset() + at.length()) {
                return ByteBuffer.wrap(parts[p], (int) (from - at.offset()), (int) (to - from))
                        .slice();
            }
        }
        throw new IOException("bytes [%d, %d) belong to no column that is read".formatted(from, to));
    }
}
