package io.streamhouse.columnar;

import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.type.DataType;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/** Smallest and largest value of one column over the pages added so far. One thread. */
final class ValueRange {
    /** Longest maximum that is kept whole because no shorter bound exists above it. */
    private static final int MAX_WHOLE_BOUND = 1024;

    private final ParquetColumn column;
    private long nullCount;
    private long valueCount;
    private long nanCount;
    private long minNumber = Long.MAX_VALUE;
    private long maxNumber = Long.MIN_VALUE;
    private double minReal = Double.POSITIVE_INFINITY;
    private double maxReal = Double.NEGATIVE_INFINITY;
    private byte[] minBytes;
    private byte[] maxBytes;

    ValueRange(ParquetColumn column) {
        this.column = column;
    }

    static ValueRange of(ParquetColumn column, PageValues page) {
        ValueRange range = new ValueRange(column);
        range.nullCount = page.nullCount();
        range.valueCount = page.count();
        switch (column.memory()) {
            case BOOLEAN, INT, LONG -> range.scanNumbers(page.numbers(), page.count());
            case FLOAT, DOUBLE -> range.scanReals(page.numbers(), page.count());
            case BYTES -> range.scanBytes(page);
        }
        return range;
    }

    private void scanNumbers(long[] numbers, int count) {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, numbers[i]);
            max = Math.max(max, numbers[i]);
        }
        minNumber = min;
        maxNumber = max;
    }

    private void scanReals(long[] bits, int count) {
        boolean narrow = column.numberBytes() == 4;
        for (int i = 0; i < count; i++) {
            double value = narrow ? Float.intBitsToFloat((int) bits[i]) : Double.longBitsToDouble(bits[i]);
            if (value != value) {
                nanCount++;
                continue;
            }
            minReal = Math.min(minReal, value);
            maxReal = Math.max(maxReal, value);
        }
    }

    private void scanBytes(PageValues page) {
        if (page.count() == 0) {
            return;
        }
        byte[] data = page.data();
        int[] offsets = page.offsets();
        boolean decimal = column.fixedLength() > 0;
        int min = 0;
        int max = 0;
        for (int i = 1; i < page.count(); i++) {
            if (compare(decimal, data, offsets, i, min) < 0) {
                min = i;
            } else if (compare(decimal, data, offsets, i, max) > 0) {
                max = i;
            }
        }
        minBytes = Arrays.copyOfRange(data, offsets[min], offsets[min + 1]);
        maxBytes = Arrays.copyOfRange(data, offsets[max], offsets[max + 1]);
    }

    private static int compare(boolean decimal, byte[] data, int[] offsets, int i, int k) {
        return decimal
                ? SingleValue.compareWideDecimals(data, offsets[i], data, offsets[k])
                : Arrays.compareUnsigned(data, offsets[i], offsets[i + 1], data, offsets[k], offsets[k + 1]);
    }

    void add(ValueRange page) {
        nullCount += page.nullCount;
        if (page.valueCount == 0) {
            return;
        }
        nanCount += page.nanCount;
        minNumber = Math.min(minNumber, page.minNumber);
        maxNumber = Math.max(maxNumber, page.maxNumber);
        minReal = Math.min(minReal, page.minReal);
        maxReal = Math.max(maxReal, page.maxReal);
        if (page.minBytes != null) {
            minBytes = minBytes == null || compare(page.minBytes, minBytes) < 0 ? page.minBytes : minBytes;
            maxBytes = maxBytes == null || compare(page.maxBytes, maxBytes) > 0 ? page.maxBytes : maxBytes;
        }
        valueCount += page.valueCount;
    }

    private int compare(byte[] a, byte[] b) {
        return column.fixedLength() > 0 ? SingleValue.compareWideDecimals(a, 0, b, 0) : Arrays.compareUnsigned(a, b);
    }

    /** As Parquet keeps it for a page. */
    Statistics<?> parquet() {
        Statistics<?> statistics = Statistics.createStats(column.parquet());
        statistics.incrementNumNulls(nullCount);
        if (valueCount == 0) {
            return statistics;
        }
        if (statistics instanceof IntStatistics s) {
            s.updateStats((int) minNumber);
            s.updateStats((int) maxNumber);
        } else if (statistics instanceof LongStatistics s) {
            s.updateStats(minNumber);
            s.updateStats(maxNumber);
        } else if (statistics instanceof BooleanStatistics s) {
            s.updateStats(minNumber != 0);
            s.updateStats(maxNumber != 0);
        } else if (statistics instanceof FloatStatistics s) {
            if (nanCount < valueCount) {
                s.updateStats((float) minReal);
                s.updateStats((float) maxReal);
            }
            addNans(s);
        } else if (statistics instanceof DoubleStatistics s) {
            if (nanCount < valueCount) {
                s.updateStats(minReal);
                s.updateStats(maxReal);
            }
            addNans(s);
        } else if (statistics instanceof BinaryStatistics s) {
            s.updateStats(Binary.fromConstantByteArray(stored(minBytes)));
            s.updateStats(Binary.fromConstantByteArray(stored(maxBytes)));
        }
        return statistics;
    }

    /** The first NaN makes a page of nothing else say so; Parquet leaves NaN out of the bounds of other pages. */
    private void addNans(Statistics<?> statistics) {
        if (nanCount > 0) {
            if (statistics instanceof FloatStatistics s) {
                s.updateStats(Float.NaN);
            } else {
                statistics.updateStats(Double.NaN);
            }
            statistics.incrementNanCount(nanCount - 1);
        }
    }

    private byte[] stored(byte[] value) {
        int fixed = column.fixedLength();
        return fixed == 0 ? value : Arrays.copyOfRange(value, value.length - fixed, value.length);
    }

    /** As the manifest keeps it for a file. */
    ColumnStats columnStats() {
        return new ColumnStats(
                column.field().id(), nullCount, valueCount == 0 || nanCount > 0 ? Optional.empty() : bounds());
    }

    private Optional<ColumnStats.Bounds> bounds() {
        DataType type = column.field().type();
        return switch (column.memory()) {
            case BOOLEAN, INT, LONG ->
                Optional.of(new ColumnStats.Bounds(
                        SingleValue.ofLong(type, minNumber), SingleValue.ofLong(type, maxNumber)));
            // the zeros are one number to a filter, so a bound of zero covers both
            case FLOAT, DOUBLE ->
                Optional.of(new ColumnStats.Bounds(
                        SingleValue.ofDouble(type, minReal == 0 ? -0.0 : minReal),
                        SingleValue.ofDouble(type, maxReal == 0 ? 0.0 : maxReal)));
            case BYTES -> {
                byte[] max = SingleValue.ofBytes(type, maxBytes);
                byte[] min = SingleValue.lowerBound(type, SingleValue.ofBytes(type, minBytes));
                yield SingleValue.upperBound(type, max)
                        .or(() -> max.length <= MAX_WHOLE_BOUND ? Optional.of(max) : Optional.empty())
                        .map(upper -> new ColumnStats.Bounds(min, upper));
            }
        };
    }
}
