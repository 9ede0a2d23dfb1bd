package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.WideDecimal;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.TypeRoot;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DateColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;

/** Puts the values of a page into ORC's vectors. */
final class OrcPage {
    private static final long MICROS = 1_000_000L;
    private static final long NANOS = 1_000_000_000L;
    private static final int NANOS_OF_MILLI = 1_000_000;

    private OrcPage() {}

    static void fill(ParquetColumn column, PageValues page, ColumnVector vector) {
        boolean nulls = page.nullCount() > 0;
        vector.noNulls = !nulls;
        vector.isRepeating = false;
        for (int row = 0; row < page.rows(); row++) {
            vector.isNull[row] = nulls && isNull(page, row);
        }
        DataType type = column.field().type();
        if (vector instanceof DateColumnVector dates) {
            dates.changeCalendar(true, false);
        }
        switch (type.root()) {
            case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, DATE, TIME -> longs(page, (LongColumnVector) vector);
            case FLOAT, DOUBLE -> reals(page, (DoubleColumnVector) vector, column.numberBytes() == 4);
            case CHAR, VARCHAR, BINARY, VARBINARY -> bytes(page, (BytesColumnVector) vector);
            case TIMESTAMP, TIMESTAMP_LTZ ->
                timestamps(column, page, (TimestampColumnVector) vector, type.isNanos() ? NANOS : MICROS);
            case DECIMAL -> {
                if (type.isWideDecimal()) {
                    decimals(page, (DecimalColumnVector) vector, type.scale());
                } else {
                    longs(page, (LongColumnVector) vector);
                }
            }
        }
    }

    private static boolean isNull(PageValues page, int row) {
        return (page.nulls()[row >>> 6] >>> row & 1L) != 0;
    }

    private static void longs(PageValues page, LongColumnVector vector) {
        long[] numbers = page.numbers();
        if (vector.noNulls) {
            System.arraycopy(numbers, 0, vector.vector, 0, page.rows());
            return;
        }
        int n = 0;
        for (int row = 0; row < page.rows(); row++) {
            vector.vector[row] = vector.isNull[row] ? 0 : numbers[n++];
        }
    }

    private static void reals(PageValues page, DoubleColumnVector vector, boolean narrow) {
        int n = 0;
        for (int row = 0; row < page.rows(); row++) {
            if (!vector.isNull[row]) {
                long bits = page.numbers()[n++];
                vector.vector[row] = narrow ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
            }
        }
    }

    private static void bytes(PageValues page, BytesColumnVector vector) {
        int[] offsets = page.offsets();
        int n = 0;
        for (int row = 0; row < page.rows(); row++) {
            if (!vector.isNull[row]) {
                vector.setRef(row, page.data(), offsets[n], offsets[n + 1] - offsets[n]);
                n++;
            }
        }
    }

    private static void decimals(PageValues page, DecimalColumnVector vector, int scale) {
        int n = 0;
        for (int row = 0; row < page.rows(); row++) {
            if (!vector.isNull[row]) {
                int at = page.offsets()[n++];
                vector.vector[row].setFromBigIntegerBytesAndScale(page.data(), at, WideDecimal.LENGTH, scale);
                if (!vector.vector[row].isSet()) {
                    throw new IllegalStateException("a checked decimal is none to ORC");
                }
            }
        }
    }

    private static void timestamps(
            ParquetColumn column, PageValues page, TimestampColumnVector vector, long perSecond) {
        vector.setIsUTC(true);
        vector.changeCalendar(true, false);
        int n = 0;
        for (int row = 0; row < page.rows(); row++) {
            if (!vector.isNull[row]) {
                long value = page.numbers()[n++];
                long second = Math.floorDiv(value, perSecond);
                int nanos = (int) (Math.floorMod(value, perSecond) * (NANOS / perSecond));
                vector.time[row] = second * 1000 + nanos / NANOS_OF_MILLI;
                vector.nanos[row] = nanos;
            }
        }
    }

    /**
     * Refuses what ORC cannot keep: it rounds seconds towards 1970 and zero has no sign, so a fraction of a millisecond
     * or more in the last second before 1970 would come back a second later.
     */
    static void checkTimes(
            ParquetColumn column, ColumnBatch batch, io.streamhouse.spec.column.ColumnVector.Longs vector) {
        DataType type = column.field().type();
        if (type.root() != TypeRoot.TIMESTAMP && type.root() != TypeRoot.TIMESTAMP_LTZ) {
            return;
        }
        long perSecond = type.isNanos() ? NANOS : MICROS;
        long[] values = vector.values();
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            if (values[p] < 0 && values[p] >= perSecond / 1000 - perSecond && !vector.isNull(p)) {
                throw new StreamhouseException(
                        ErrorCode.SCHEMA_MISMATCH,
                        ("column '%s' holds %d, a time in the last second before 1970 that ORC files cannot keep;"
                                        + " use file.format = parquet")
                                .formatted(column.field().name(), values[p]));
            }
        }
    }
}
