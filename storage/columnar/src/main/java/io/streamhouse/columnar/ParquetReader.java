package io.streamhouse.columnar;

import com.github.luben.zstd.ZstdDecompressCtx;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ChunkLocator;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads a Parquet file through its locators; see "spec/data-files.md". One thread. */
final class ParquetReader implements ColumnFileReader {
    private static final long BATCH_BYTES = 64L << 20;

    private final ObjectStore store;
    private final DataFile file;
    private final String path;
    private final List<ParquetColumn> columns;
    private final int[] projection;
    private final int toRow;
    /** First row of every row group, and behind the last one. */
    private final int[] groupStarts;

    /** Made for the first compressed chunk: small files have none. */
    private ZstdDecompressCtx zstd;

    private final OpenGroup scan;
    private final OpenGroup lookup;
    private int row;
    private int batchStart;

    ParquetReader(ObjectStore store, DataFile file, List<Field> fileColumns, int[] projection, int fromRow, int toRow)
            throws IOException {
        this.store = store;
        this.file = file;
        this.path = file.object().path();
        this.projection = projection.clone();
        for (int c : projection) {
            Objects.checkIndex(c, fileColumns.size());
        }
        if (fromRow < 0 || fromRow > toRow || toRow > file.rowCount()) {
            throw new IllegalArgumentException(
                    "rows [%d, %d) of %s, which has %d".formatted(fromRow, toRow, path, file.rowCount()));
        }
        FileCheck.checkLocators(file, fileColumns);
        FileCheck.checkLength(store, file.object());
        this.columns = fileColumns.stream().map(ParquetColumn::of).toList();
        this.groupStarts = FileCheck.groupStarts(file);
        this.row = fromRow;
        this.batchStart = fromRow;
        this.toRow = toRow;
        this.scan = new OpenGroup();
        this.lookup = new OpenGroup();
    }

    /** The chunks of the row group that was read last. */
    private final class OpenGroup {
        private int group = -1;
        private final ChunkPages[] chunks = new ChunkPages[projection.length];

        /** The chunks of a group, all that are missing read at once. */
        ChunkPages[] of(int wanted) throws IOException {
            if (wanted == group) {
                return chunks;
            }
            OpenGroup other = this == scan ? lookup : scan;
            if (other.group == wanted) {
                System.arraycopy(other.chunks, 0, chunks, 0, chunks.length);
            } else {
                group = -1;
                List<CheckedRange> ranges = new ArrayList<>(projection.length);
                for (int column : projection) {
                    ranges.add(range(wanted, column));
                }
                List<byte[]> read = store.readChecked(path, ranges);
                for (int c = 0; c < projection.length; c++) {
                    chunks[c] = open(wanted, projection[c], read.get(c));
                }
            }
            group = wanted;
            return chunks;
        }
    }

    private CheckedRange range(int group, int column) {
        ChunkLocator at = file.rowGroups().get(group).chunks().get(column);
        if (at.codec() != ChunkPages.UNCOMPRESSED && at.codec() != ChunkPages.ZSTD) {
            throw StreamhouseException.unknownVersion(path, "compression codec " + at.codec());
        }
        return ColumnFiles.range(at);
    }

    private ChunkPages open(int group, int column, byte[] bytes) throws IOException {
        ChunkLocator at = file.rowGroups().get(group).chunks().get(column);
        try {
            return new ChunkPages(
                    columns.get(column),
                    bytes,
                    at.codec(),
                    file.rowGroups().get(group).rowCount(),
                    at.codec() == ChunkPages.ZSTD ? zstd() : null);
        } catch (IOException | RuntimeException e) {
            throw corrupt(column, e);
        }
    }

    private ZstdDecompressCtx zstd() {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        return zstd;
    }

    /** Whatever a parser trips over is a corrupt file, and never reaches the caller raw. */
    private StreamhouseException corrupt(int column, Exception cause) {
        if (cause instanceof StreamhouseException e) {
            return e;
        }
        return StreamhouseException.corrupt(
                path,
                "column '%s' cannot be decoded: %s"
                        .formatted(columns.get(column).field().name(), cause.getMessage()),
                cause);
    }

    @Override
    public ColumnBatch next() throws IOException {
        if (row >= toRow) {
            return null;
        }
        int group = groupOf(row);
        ChunkPages[] chunks = scan.of(group);
        int base = groupStarts[group];
        int from = row - base;
        int to = batchEnd(chunks, from, Math.min(toRow, groupStarts[group + 1]) - base);
        List<ColumnVector> vectors = new ArrayList<>(projection.length);
        for (int c = 0; c < projection.length; c++) {
            vectors.add(range(chunks[c], projection[c], from, to));
        }
        batchStart = row;
        row = base + to;
        return new ColumnBatch(vectors, to - from, null);
    }

    /** Where the batch that begins at {@code from} ends: at a page's end if that costs few rows, within the budget. */
    private static int batchEnd(ChunkPages[] chunks, int from, int limit) {
        int to = Math.min(limit, from + ColumnFiles.BATCH_ROWS);
        if (chunks.length == 0) {
            return to;
        }
        if (to < limit) {
            ChunkPages pages = chunks[0];
            int aligned = pages.firstRow(pages.pageOf(to));
            to = aligned - from >= ColumnFiles.BATCH_ROWS / 2 ? aligned : to;
        }
        while (to - from > 1 && bytesBetween(chunks, from, to) > BATCH_BYTES) {
            to = from + (to - from) / 2;
        }
        return to;
    }

    private static long bytesBetween(ChunkPages[] chunks, int from, int to) {
        long sum = 0;
        for (ChunkPages pages : chunks) {
            for (int p = pages.pageOf(from); p < pages.pageCount() && pages.firstRow(p) < to; p++) {
                int overlap = Math.min(to, pages.endRow(p)) - Math.max(from, pages.firstRow(p));
                sum += pages.decodedBytes(p) * overlap / (pages.endRow(p) - pages.firstRow(p));
            }
        }
        return sum;
    }

    private ColumnVector range(ChunkPages pages, int column, int from, int to) {
        try {
            VectorParts parts = new VectorParts();
            for (int p = pages.pageOf(from); p < pages.pageCount() && pages.firstRow(p) < to; p++) {
                int first = pages.firstRow(p);
                parts.add(pages.decode(p), Math.max(from, first) - first, Math.min(to, pages.endRow(p)) - first);
            }
            return parts.join();
        } catch (RuntimeException e) {
            throw corrupt(column, e);
        }
    }

    private int groupOf(int position) {
        int at = Arrays.binarySearch(groupStarts, position);
        return at >= 0 ? at : -at - 2;
    }

    @Override
    public int batchStart() {
        return batchStart;
    }

    @Override
    public void seek(int to) {
        if (to < row) {
            throw new IllegalArgumentException("seek to row %d of %s, already at %d".formatted(to, path, row));
        }
        row = Math.min(to, toRow);
    }

    @Override
    public ColumnBatch rows(int[] positions) throws IOException {
        FileCheck.checkPositions(file, positions);
        VectorParts[] parts = new VectorParts[projection.length];
        Arrays.setAll(parts, c -> new VectorParts());
        int from = 0;
        while (from < positions.length) {
            int group = groupOf(positions[from]);
            int to = from;
            while (to < positions.length && positions[to] < groupStarts[group + 1]) {
                to++;
            }
            ChunkPages[] chunks = lookup.of(group);
            for (int c = 0; c < projection.length; c++) {
                pick(chunks[c], projection[c], parts[c], positions, from, to, groupStarts[group]);
            }
            from = to;
        }
        List<ColumnVector> vectors = new ArrayList<>(projection.length);
        for (int c = 0; c < projection.length; c++) {
            vectors.add(positions.length == 0 ? empty(columns.get(projection[c])) : parts[c].join());
        }
        return new ColumnBatch(vectors, positions.length, null);
    }

    private void pick(ChunkPages pages, int column, VectorParts parts, int[] positions, int from, int to, int base) {
        try {
            int[] inPage = new int[to - from];
            int i = from;
            while (i < to) {
                int page = pages.pageOf(positions[i] - base);
                int first = pages.firstRow(page);
                int n = 0;
                for (; i < to && positions[i] - base < pages.endRow(page); i++) {
                    inPage[n++] = positions[i] - base - first;
                }
                parts.add(pages.decode(page).gather(inPage, 0, n), 0, n);
            }
        } catch (RuntimeException e) {
            throw corrupt(column, e);
        }
    }

    private static ColumnVector empty(ParquetColumn column) {
        return ColumnBuilder.of(column.memory()).build();
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
