package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** What a column refuses before any of the batch is kept. */
final class WrittenValues {
    private static final int WIDE_DECIMAL_BYTES = 16;

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
        } else if (vector instanceof ColumnVector.Longs longs && column.primitive() == PrimitiveTypeName.INT32) {
            checkIntRange(column, longs, batch);
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
            if (length > ParquetWriter.MAX_VALUE_BYTES) {
                throw refused(
                        column,
                        "holds a value of %d bytes, at most %d are allowed"
                                .formatted(length, ParquetWriter.MAX_VALUE_BYTES));
            }
        }
    }

    private static void checkDecimals(ParquetColumn column, ColumnVector.Bytes vector, ColumnBatch batch) {
        int spare = WIDE_DECIMAL_BYTES - column.fixedLength();
        byte[] data = vector.data();
        int[] offsets = vector.offsets();
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            if (vector.isNull(p)) {
                continue;
            }
            if (offsets[p + 1] - offsets[p] != WIDE_DECIMAL_BYTES) {
                throw new IllegalArgumentException("a decimal of column '%s' has %d bytes, expected %d"
                        .formatted(column.field().name(), offsets[p + 1] - offsets[p], WIDE_DECIMAL_BYTES));
            }
            for (int b = 0; b < spare; b++) {
                if (data[offsets[p] + b] != data[offsets[p] + spare] >> 7) {
                    throw outOfRange(column);
                }
            }
        }
    }

    private static void checkIntRange(ParquetColumn column, ColumnVector.Longs vector, ColumnBatch batch) {
        for (int i = 0; i < batch.selectedCount(); i++) {
            int p = batch.position(i);
            if (vector.values()[p] != (int) vector.values()[p] && !vector.isNull(p)) {
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
