package io.streamhouse.columnar;

import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.type.Field;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads an ORC file through its locators and orc-core's decoders; see "spec/data-files.md". One thread. */
final class OrcReader implements ColumnFileReader {
    private static final int LOOKUP_ROWS = 1024;

    private final ObjectStore store;
    private final DataFile file;
    private final String path;
    private final List<Field> columns;
    private final int[] projection;
    /** Distinct columns of the projection, ascending. */
    private final int[] read;

    private final int toRow;
    private final int[] groupStarts;
    private final OpenStripe scan;
    private final OpenStripe lookup;
    private int row;
    private int batchStart;

    OrcReader(ObjectStore store, DataFile file, List<Field> fileColumns, int[] projection, int fromRow, int toRow)
            throws IOException {
        this.store = store;
        this.file = file;
        this.path = file.object().path();
        this.columns = List.copyOf(fileColumns);
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
        this.read = Arrays.stream(projection).sorted().distinct().toArray();
        this.groupStarts = FileCheck.groupStarts(file);
        this.row = fromRow;
        this.batchStart = fromRow;
        this.toRow = toRow;
        this.scan = new OpenStripe(RowPages.rowsFor(read.length));
        this.lookup = new OpenStripe(Math.min(LOOKUP_ROWS, RowPages.rowsFor(read.length)));
    }

    /** The stripe that a scan or a lookup stands in. */
    private final class OpenStripe {
        private final int batchRows;
        private int group = -1;
        private OrcStripe stripe;
        private OrcStripeRows rows;

        OpenStripe(int batchRows) {
            this.batchRows = batchRows;
        }

        /** Stands at a row of the stripe. */
        void moveTo(int wanted, int rowOfStripe) throws IOException {
            if (wanted != group || rows == null) {
                close();
                OpenStripe other = this == scan ? lookup : scan;
                stripe = other != null && other.group == wanted && other.stripe != null
                        ? other.stripe
                        : new OrcStripe(store, path, file.rowGroups().get(wanted));
                group = wanted;
                stripe.fetchFooter();
                for (int c : read) {
                    stripe.fetchColumn(c);
                }
                try {
                    rows = new OrcStripeRows(stripe, columns, read, batchRows);
                } catch (IOException | RuntimeException e) {
                    throw corrupt(e);
                }
            }
            if (rows.position() != rowOfStripe) {
                stripe.fetchIndex();
                try {
                    rows.seek(rowOfStripe);
                } catch (IOException | RuntimeException e) {
                    throw corrupt(e);
                }
            }
        }

        List<ColumnVector> next(int limit) {
            try {
                return rows.next(limit);
            } catch (IOException | RuntimeException e) {
                throw corrupt(e);
            }
        }

        void close() throws IOException {
            if (rows != null) {
                rows.close();
                rows = null;
            }
        }
    }

    /** Only checked bytes reach orc-core, so whatever it trips over is a corrupt file. */
    private StreamhouseException corrupt(Exception cause) {
        return StreamhouseException.corrupt(path, "a stripe cannot be decoded: " + cause.getMessage(), cause);
    }

    @Override
    public ColumnBatch next() throws IOException {
        if (row >= toRow) {
            return null;
        }
        int group = groupOf(row);
        int limit = Math.min(scan.batchRows, Math.min(toRow, groupStarts[group + 1]) - row);
        List<ColumnVector> vectors = List.of();
        if (read.length > 0) {
            scan.moveTo(group, row - groupStarts[group]);
            vectors = projected(scan.next(limit));
        }
        batchStart = row;
        row += limit;
        return new ColumnBatch(vectors, limit, null);
    }

    private List<ColumnVector> projected(List<ColumnVector> vectors) {
        List<ColumnVector> out = new ArrayList<>(projection.length);
        for (int c : projection) {
            out.add(vectors.get(Arrays.binarySearch(read, c)));
        }
        return out;
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
        if (positions.length == 0 || read.length == 0) {
            List<ColumnVector> empty = new ArrayList<>();
            for (int c : projection) {
                empty.add(ColumnBuilder.of(columns.get(c).type().physical()).build());
            }
            return new ColumnBatch(empty, positions.length, null);
        }
        VectorParts[] parts = new VectorParts[read.length];
        Arrays.setAll(parts, c -> new VectorParts());
        int from = 0;
        while (from < positions.length) {
            from = pick(positions, from, parts);
        }
        List<ColumnVector> vectors = new ArrayList<>(read.length);
        for (VectorParts p : parts) {
            vectors.add(p.join());
        }
        return new ColumnBatch(projected(vectors), positions.length, null);
    }

    /** Takes the rows that one decoded batch holds; returns the first position behind it. */
    private int pick(int[] positions, int from, VectorParts[] parts) throws IOException {
        int group = groupOf(positions[from]);
        int start = positions[from];
        int last = groupStarts[group + 1];
        int to = from + 1;
        while (to < positions.length && positions[to] < last && positions[to] - start < lookup.batchRows) {
            to++;
        }
        lookup.moveTo(group, start - groupStarts[group]);
        int[] inBatch = new int[to - from];
        for (int i = from; i < to; i++) {
            inBatch[i - from] = positions[i] - start;
        }
        List<ColumnVector> vectors = lookup.next(positions[to - 1] - start + 1);
        for (int c = 0; c < parts.length; c++) {
            parts[c].add(vectors.get(c).gather(inBatch, 0, inBatch.length), 0, inBatch.length);
        }
        return to;
    }

    @Override
    public void close() throws IOException {
        scan.close();
        lookup.close();
    }
}
