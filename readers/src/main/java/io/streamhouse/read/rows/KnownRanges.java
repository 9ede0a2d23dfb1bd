package io.streamhouse.read.rows;

import io.streamhouse.read.filter.RowFilter;
import io.streamhouse.read.filter.ValueRange;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.key.Bucketing;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.key.Partition;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What metadata knows of rows, against a filter: statistics of files, partition tuples, key ranges and buckets of slices.
 * One thread.
 */
public final class KnownRanges {
    /** Demanded bucket keys are multiplied out up to this many. */
    private static final int MAX_DEMANDED_KEYS = 64;

    private final TableSchema schema;
    private final RowFilter filter;
    private final List<Field> partitionFields;
    private final List<Field> keyFields;

    /** Vectors of the bucket key's columns with every combination that can pass; null if the filter demands none. */
    private final List<ColumnVector> demandedKeys;

    private final Map<Integer, boolean[]> demandedBuckets = new HashMap<>();

    public KnownRanges(TableSchema schema, RowFilter filter) {
        this.schema = schema;
        this.filter = filter;
        this.partitionFields = schema.project(schema.partitionIndexes());
        this.keyFields = schema.project(schema.keyIndexes());
        this.demandedKeys = demandedKeys();
    }

    private List<ColumnVector> demandedKeys() {
        List<String> names = schema.layout().bucketKey();
        if (names.isEmpty()) {
            return null;
        }
        List<ColumnVector> values = new ArrayList<>();
        int combinations = 1;
        for (String name : names) {
            ColumnVector v = filter.demandedValues(name);
            if (v == null || (long) combinations * v.size() > MAX_DEMANDED_KEYS) {
                return null;
            }
            combinations *= v.size();
            values.add(v);
        }
        List<ColumnVector> out = new ArrayList<>();
        int repeat = combinations;
        for (ColumnVector v : values) {
            repeat = v.size() == 0 ? 0 : repeat / v.size();
            int[] rows = new int[combinations];
            for (int i = 0; i < combinations; i++) {
                rows[i] = (i / repeat) % v.size();
            }
            out.add(v.gather(rows, 0, combinations));
        }
        return out;
    }

    /** Whether a row of the partition can pass. */
    public boolean mayMatch(Partition partition) {
        return mayMatch(ranges(partition));
    }

    /**
     * Whether a row of the file can pass.
     *
     * @param written fields that the file was written with
     */
    public boolean mayMatch(DataFile file, List<Field> written) {
        return filter.mayMatch(f -> ofFile(file, written, f));
    }

    /** Whether a row of the slice can pass. */
    public boolean mayMatch(DataFile file, List<Field> written, Slice slice) {
        if (!isDemanded(slice.modulus(), slice.bucket())) {
            return false;
        }
        Map<Integer, ValueRange> own = ranges(slice.partition());
        addKeys(slice.keys(), own);
        return filter.mayMatch(f -> {
            ValueRange known = own.get(f.id());
            return known != null ? known : ofFile(file, written, f);
        });
    }

    private boolean mayMatch(Map<Integer, ValueRange> known) {
        return filter.mayMatch(f -> known.getOrDefault(f.id(), ValueRange.UNKNOWN));
    }

    private boolean isDemanded(int modulus, int bucket) {
        if (demandedKeys == null) {
            return true;
        }
        return demandedBuckets.computeIfAbsent(modulus, this::bucketsOf)[bucket];
    }

    private boolean[] bucketsOf(int modulus) {
        List<Field> fields = schema.project(schema.indexesOf(schema.layout().bucketKey()));
        boolean[] out = new boolean[modulus];
        int keys = demandedKeys.get(0).size();
        for (int bucket : new Bucketing(fields, modulus).buckets(demandedKeys, keys)) {
            out[bucket] = true;
        }
        return out;
    }

    private Map<Integer, ValueRange> ranges(Partition partition) {
        Map<Integer, ValueRange> out = new HashMap<>();
        if (!partitionFields.isEmpty()) {
            List<ColumnVector> values = KeyEncoder.of(partitionFields).decode(partition);
            for (int i = 0; i < values.size(); i++) {
                out.put(partitionFields.get(i).id(), ValueRange.constant(values.get(i), 0));
            }
        }
        return out;
    }

    /** A key column is bounded by the slice's smallest and largest key as long as all columns before it are constant. */
    private void addKeys(Slice.KeyRange keys, Map<Integer, ValueRange> out) {
        if (keyFields.isEmpty() || keys.min().length == 0) {
            return;
        }
        KeyEncoder encoder = KeyEncoder.of(keyFields);
        List<ColumnVector> bounds = encoder.decode(minAndMax(keys, encoder.words()));
        for (int i = 0; i < bounds.size(); i++) {
            out.put(keyFields.get(i).id(), ValueRange.between(false, bounds.get(i)));
            if (!bounds.get(i).sameValue(0, bounds.get(i), 1)) {
                return;
            }
        }
    }

    /** Two keys out of their canonical bytes, in the form that the encoder wants. */
    private static KeyColumn minAndMax(Slice.KeyRange keys, int words) {
        byte[] both = new byte[keys.min().length + keys.max().length];
        System.arraycopy(keys.min(), 0, both, 0, keys.min().length);
        System.arraycopy(keys.max(), 0, both, keys.min().length, keys.max().length);
        if (words == 0) {
            return KeyColumn.ofBytes(2, both, new int[] {0, keys.min().length, both.length});
        }
        if (both.length != 2 * words * Long.BYTES) {
            throw StreamhouseException.corrupt(
                    "manifest", "key range of %d bytes for %d words".formatted(both.length, words));
        }
        ByteBuffer bytes = ByteBuffer.wrap(both);
        long[] longs = new long[2 * words];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = bytes.getLong() ^ Long.MIN_VALUE;
        }
        return KeyColumn.ofLongs(words, 2, longs);
    }

    private static ValueRange ofFile(DataFile file, List<Field> written, Field wanted) {
        Field field = null;
        for (Field f : written) {
            field = f.id() == wanted.id() ? f : field;
        }
        if (field == null) {
            return ValueRange.NULLS;
        }
        for (ColumnStats stats : file.stats()) {
            if (stats.fieldId() == field.id()) {
                boolean mayBeNull = stats.nullCount() > 0;
                if (stats.nullCount() == file.rowCount()) {
                    return ValueRange.NULLS;
                }
                return stats.bounds().isEmpty()
                        ? new ValueRange(mayBeNull, true, null, 0, 0)
                        : ValueRange.between(
                                mayBeNull,
                                StatsBounds.vector(field.type(), stats.bounds().get()));
            }
        }
        return ValueRange.UNKNOWN;
    }
}
