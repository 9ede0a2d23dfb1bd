package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.WideDecimal;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigInteger;

/** What a column refuses before any of the batch is kept. */
final class WrittenValues {
    private WrittenValues() {}

    static void check(ParquetColumn column, ColumnVector vector, ColumnBatch batch, String path) {
        if (vector.physical() != column.memory()) {
            throw new IllegalArgumentException("column '%s' of %s is %s, the vector is %s"
                    .formatted(column.field().name(), path, column.memory(), vector.physical()));
        }
        if (vector.hasNulls() && !column.optional()) {
            checkNoNulls(column, vector, batch);
        }
        if (vector instanceof ColumnVector.Bytes bytes) {
            if (column.fixedLength() > 0) {
                checkDecimals(column, bytes, batch);
            } else {
                checkLengths(column, bytes, batch);
            }
        } else if (vector instanceof ColumnVector.Longs longs
                && column.field().type().root() == TypeRoot.DECIMAL) {
            checkDigits(column, longs, batch);
        }
    }

    private static void checkNoNulls(ParquetColumn column, ColumnVector vector, ColumnBatch batch) {
        for (int i = 0; i < batch.selectedCount(); i++) {
            if (vector.isNull(batch.position(i))) {
                throw refused(column, "holds NULL but is NOT NULL");
            }
        }
    }

    private static void checkLengths(ParquetColumn column, ColumnVector.Bytes vector, ColumnBatch batch) {
        int[] offsets = vector.offsets();
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            int length = offsets[p + 1] - offsets[p];
            if (length > RowPages.MAX_VALUE_BYTES) {
                throw refused(
                        column,
                        "holds a value of %d bytes, at most %d are allowed"
                                .formatted(length, RowPages.MAX_VALUE_BYTES));
            }
        }
    }

    private static void checkDecimals(ParquetColumn column, ColumnVector.Bytes vector, ColumnBatch batch) {
        BigInteger bound = BigInteger.TEN.pow(column.field().type().length()).subtract(BigInteger.ONE);
        byte[] most = WideDecimal.bytes(bound);
        byte[] least = WideDecimal.bytes(bound.negate());
        byte[] data = vector.data();
        int[] offsets = vector.offsets();
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            if (vector.isNull(p)) {
                continue;
            }
            if (offsets[p + 1] - offsets[p] != WideDecimal.LENGTH) {
                throw new IllegalArgumentException("a decimal of column '%s' has %d bytes, expected %d"
                        .formatted(column.field().name(), offsets[p + 1] - offsets[p], WideDecimal.LENGTH));
            }
            if (SingleValue.compareWideDecimals(data, offsets[p], least, 0) < 0
                    || SingleValue.compareWideDecimals(data, offsets[p], most, 0) > 0) {
                throw outOfRange(column);
            }
        }
    }

    private static void checkDigits(ParquetColumn column, ColumnVector.Longs vector, ColumnBatch batch) {
        long most = BigInteger.TEN.pow(column.field().type().length()).longValueExact() - 1;
        long[] values = vector.values();
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            if ((values[p] > most || values[p] < -most) && !vector.isNull(p)) {
                throw outOfRange(column);
            }
        }
    }

    private static StreamhouseException outOfRange(ParquetColumn column) {
        return refused(
                column, "holds a value with more digits than " + column.field().type());
    }

    private static StreamhouseException refused(ParquetColumn column, String what) {
        return new StreamhouseException(
                ErrorCode.SCHEMA_MISMATCH,
                "column '%s' %s".formatted(column.field().name(), what));
    }
}
