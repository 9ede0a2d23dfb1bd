package io.streamhouse.read.rows;

import io.streamhouse.columnar.SingleValue;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.ColumnStats;
import io.streamhouse.spec.type.DataType;

/** Bounds of statistics as a vector of two rows. */
final class StatsBounds {
    private StatsBounds() {}

    /** @param type the type that the file was written with */
    static ColumnVector vector(DataType type, ColumnStats.Bounds bounds) {
        ColumnBuilder out = ColumnBuilder.of(type.physical());
        append(type, bounds.min(), out);
        append(type, bounds.max(), out);
        return out.build();
    }

    private static void append(DataType type, byte[] value, ColumnBuilder out) {
        if (out instanceof ColumnBuilder.OfBooleans booleans) {
            booleans.append(SingleValue.toLong(type, value) != 0);
        } else if (out instanceof ColumnBuilder.OfInts ints) {
            ints.append((int) SingleValue.toLong(type, value));
        } else if (out instanceof ColumnBuilder.OfLongs longs) {
            longs.append(SingleValue.toLong(type, value));
        } else if (out instanceof ColumnBuilder.OfFloats floats) {
            floats.append((float) SingleValue.toDouble(type, value));
        } else if (out instanceof ColumnBuilder.OfDoubles doubles) {
            doubles.append(SingleValue.toDouble(type, value));
        } else {
            ((ColumnBuilder.OfBytes) out).append(type.isWideDecimal() ? SingleValue.toWideDecimal(value) : value);
        }
    }
}
