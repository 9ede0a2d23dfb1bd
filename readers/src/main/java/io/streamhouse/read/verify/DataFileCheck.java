package io.streamhouse.read.verify;

import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.StatsOfValues;
import io.streamhouse.lake.FileColumns;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One data file: length and footer, and row by row what its slices say: partition, bucket, ascending keys, their range and
 * digest. Deeply: every column chunk, every value, and the statistics. One thread.
 */
final class DataFileCheck {
    private final Table table;
    private final ObjectStore store;
    private final Findings findings;
    private final boolean deep;

    DataFileCheck(Table table, Findings findings, boolean deep) {
        this.table = table;
        this.store = table.components().store();
        this.findings = findings;
        this.deep = deep;
    }

    void check(DataFile file, long snapshot) throws IOException {
        String path = file.object().path();
        findings.met(path, snapshot);
        boolean stands = findings.at(path, snapshot, () -> {
                    if (deep) {
                        ColumnFiles.verify(store, file);
                    } else {
                        ColumnFiles.verifyFooter(store, file);
                    }
                    return true;
                })
                .isPresent();
        if (stands) {
            findings.at(path, snapshot, () -> {
                new Rows(file, snapshot).check();
                return true;
            });
        }
    }

    /** The rows of one file. */
    private final class Rows {
        private final DataFile file;
        private final long snapshot;
        private final TableSchema schema;
        private final List<Field> wanted;
        private final int[] key;
        private final int[] bucketKey;
        private final int[] partition;
        private final KeyEncoder keys;
        private final KeyEncoder partitions;
        private KeyDigestSum digest = new KeyDigestSum();
        private KeyColumn previous;
        private int slice;

        Rows(DataFile file, long snapshot) throws IOException {
            this.file = file;
            this.snapshot = snapshot;
            this.schema = table.schema(file.origin().schemaId());
            int[] keyColumns = schema.keyIndexes();
            int[] bucketColumns = schema.indexesOf(schema.layout().bucketKey());
            int[] partitionColumns = schema.partitionIndexes();
            int[] columns = columns(keyColumns, bucketColumns, partitionColumns);
            this.wanted = schema.project(columns);
            this.key = places(columns, keyColumns);
            this.bucketKey = places(columns, bucketColumns);
            this.partition = places(columns, partitionColumns);
            this.keys = key.length == 0 ? null : KeyEncoder.of(schema.project(keyColumns));
            this.partitions = partition.length == 0 ? null : KeyEncoder.of(schema.project(partitionColumns));
        }

        /** What has to be read, ascending. */
        private int[] columns(int[] keyColumns, int[] bucketColumns, int[] partitionColumns) {
            TreeSet<Integer> out = new TreeSet<>();
            for (int[] some : List.of(keyColumns, bucketColumns, partitionColumns)) {
                Arrays.stream(some).forEach(out::add);
            }
            for (int c = 0; deep && c < schema.fields().size(); c++) {
                out.add(c);
            }
            return out.stream().mapToInt(c -> c).toArray();
        }

        private int[] places(int[] columns, int[] some) {
            return Arrays.stream(some).map(c -> Arrays.binarySearch(columns, c)).toArray();
        }

        void check() throws IOException {
            if (wanted.isEmpty()) {
                return; // no key, no partition, no bucket key: rows may stand anywhere
            }
            StatsOfValues stats = null;
            if (deep) {
                Set<Integer> kept = new HashSet<>();
                file.stats().forEach(s -> kept.add(s.fieldId()));
                stats = new StatsOfValues(file.object().path(), wanted, kept);
            }
            try (FileColumns rows = FileColumns.open(store, file, schema.fields(), wanted, 0, file.rowCount())) {
                for (ColumnBatch batch = rows.next(); batch != null; batch = rows.next()) {
                    check(batch, rows.batchStart());
                    if (stats != null) {
                        stats.add(batch);
                    }
                }
            }
            if (stats != null) {
                compare(file.stats(), stats.stats());
            }
        }

        private void check(ColumnBatch batch, int start) {
            KeyColumn batchKeys = keys == null ? null : keys.keys(columns(batch, key));
            Partition[] tuples = partitions == null ? null : partitions.partitions(columns(batch, partition));
            int end = start + batch.rowCount();
            for (int row = start; row < end; ) {
                Slice of = file.slices().get(slice);
                int to = Math.min(end, of.endRow());
                checkPlaces(batch, tuples, of, start, row, to);
                if (batchKeys != null) {
                    checkKeys(batchKeys, of, start, row, to);
                }
                slice += to == of.endRow() ? 1 : 0;
                row = to;
            }
            previous = batchKeys;
        }

        private List<ColumnVector> columns(ColumnBatch batch, int[] which) {
            return batch.project(which).columns();
        }

        private void checkPlaces(ColumnBatch batch, Partition[] tuples, Slice of, int start, int from, int to) {
            int[] buckets = bucketKey.length == 0
                    ? null
                    : new Bucketing(
                                    schema.project(
                                            schema.indexesOf(schema.layout().bucketKey())),
                                    of.modulus())
                            .buckets(columns(batch, bucketKey), batch.rowCount());
            for (int row = from; row < to; row++) {
                if (buckets != null && buckets[row - start] != of.bucket()) {
                    misplaced(of, "row %d belongs into bucket %d".formatted(row, buckets[row - start]));
                    return;
                }
                if (tuples != null && !tuples[row - start].equals(of.partition())) {
                    misplaced(of, "row %d belongs into another partition".formatted(row));
                    return;
                }
            }
        }

        private void misplaced(Slice of, String what) {
            findings.add(
                    FindingKind.MISPLACED,
                    file.object().path(),
                    snapshot,
                    "rows %d to %d are said to be of bucket %d of %d; %s"
                            .formatted(of.firstRow(), of.endRow() - 1, of.bucket(), of.modulus(), what));
        }

        private void checkKeys(KeyColumn batch, Slice of, int start, int from, int to) {
            for (int row = from; row < to; row++) {
                int i = row - start;
                if (row == of.firstRow()) {
                    require(Arrays.equals(batch.canonical(i), of.keys().min()), of, "another smallest key");
                } else {
                    KeyColumn last = i == 0 ? previous : batch;
                    int c = last.compare(i == 0 ? last.size() - 1 : i - 1, batch, i);
                    require(c <= 0, of, "keys that do not ascend");
                    require(c != 0, of, "a key twice");
                }
                batch.addTo(digest, i);
            }
            if (to == of.endRow()) {
                require(Arrays.equals(batch.canonical(to - 1 - start), of.keys().max()), of, "another largest key");
                require(digest.digest().equals(of.keys().digest()), of, "another digest of their keys");
                digest = new KeyDigestSum();
            }
        }

        private void require(boolean holds, Slice of, String what) {
            if (!holds) {
                findings.add(
                        FindingKind.MISPLACED,
                        file.object().path(),
                        snapshot,
                        "rows %d to %d have %s".formatted(of.firstRow(), of.endRow() - 1, what));
            }
        }

        private void compare(List<ColumnStats> recorded, List<ColumnStats> actual) {
            for (int c = 0; c < recorded.size(); c++) {
                ColumnStats is = actual.get(c);
                ColumnStats said = recorded.get(c);
                boolean same = is.fieldId() == said.fieldId()
                        && is.nullCount() == said.nullCount()
                        && is.bounds().isPresent() == said.bounds().isPresent()
                        && (is.bounds().isEmpty()
                                || Arrays.equals(
                                                is.bounds().get().min(),
                                                said.bounds().get().min())
                                        && Arrays.equals(
                                                is.bounds().get().max(),
                                                said.bounds().get().max()));
                if (!same) {
                    findings.add(
                            FindingKind.WRONG_RECORD,
                            file.object().path(),
                            snapshot,
                            "the statistics of field %d are not those of its values".formatted(said.fieldId()));
                }
            }
        }
    }
}
