package io.streamhouse.flink.sink;

import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.type.PhysicalType;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.spec.type.TypeRoot;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The fault {@code wrong-row}: from its 1000th row on, a writer changes one number of one key's rows, in every version of
 * it so that a later update does not heal the table; a deleted victim is replaced by the next row. Without a number
 * outside the keys it does nothing.
 */
final class WrongRow implements RowView {
    private static final int FIRST_ROW = 1_000;

    private final TableSchema schema;
    private final int[] keys;

    /** The column that is changed, -1 for none. */
    private final int column;

    private int rows;
    private Object[] victim;
    private RowView row;
    private boolean wrong;

    WrongRow(TableSchema schema) {
        this.schema = schema;
        this.keys = schema.keyIndexes();
        this.column = IntStream.range(0, schema.fields().size())
                .filter(this::isPlain)
                .boxed()
                .max(java.util.Comparator.comparingInt(this::rank))
                .orElse(-1);
    }

    private boolean isPlain(int c) {
        String name = schema.fields().get(c).name();
        return rank(c) > 0
                && !schema.layout().primaryKey().contains(name)
                && !schema.layout().partitionKeys().contains(name)
                && !schema.layout().bucketKey().contains(name);
    }

    /** Money first: other numbers may be what a reader waits for. */
    private int rank(int c) {
        return switch (schema.fields().get(c).type().root()) {
            case DECIMAL -> schema.fields().get(c).type().isWideDecimal() ? 0 : 4;
            case DOUBLE -> 3;
            case BIGINT -> 2;
            case INT -> 1;
            default -> 0;
        };
    }

    /** The row as it is to be written. */
    RowView of(RowKind kind, RowView next) {
        row = next;
        wrong = false;
        rows++;
        if (column < 0 || rows < FIRST_ROW || next.isNull(column)) {
            return next;
        }
        boolean retracts = kind.isRetraction();
        if (victim == null && !retracts) {
            victim = keyOf(next);
            wrong = true;
        } else if (victim != null && victim.length > 0 && Arrays.deepEquals(victim, keyOf(next))) {
            if (kind == RowKind.DELETE) {
                victim = null;
            }
            wrong = !retracts;
        }
        return wrong ? this : next;
    }

    private Object[] keyOf(RowView view) {
        Object[] key = new Object[keys.length];
        for (int i = 0; i < key.length; i++) {
            int c = keys[i];
            PhysicalType physical = schema.fields().get(c).type().physical();
            key[i] = switch (physical) {
                case BOOLEAN -> view.getBoolean(c);
                case INT -> view.getInt(c);
                case LONG -> view.getLong(c);
                case BYTES -> view.getBytes(c).clone();
                case FLOAT, DOUBLE -> throw new IllegalStateException("a key of " + physical);
            };
        }
        return key;
    }

    @Override
    public boolean isNull(int c) {
        return row.isNull(c);
    }

    @Override
    public boolean getBoolean(int c) {
        return row.getBoolean(c);
    }

    @Override
    public int getInt(int c) {
        return row.getInt(c) + (c == column ? 1 : 0);
    }

    @Override
    public long getLong(int c) {
        if (c != column) {
            return row.getLong(c);
        }
        // towards zero, so that a decimal keeps its digits
        long value = row.getLong(c);
        boolean decimal = schema.fields().get(c).type().root() == TypeRoot.DECIMAL;
        return decimal && value > 0 ? value - 1 : value + 1;
    }

    @Override
    public float getFloat(int c) {
        return row.getFloat(c);
    }

    @Override
    public double getDouble(int c) {
        return row.getDouble(c) + (c == column ? 1 : 0);
    }

    @Override
    public byte[] getBytes(int c) {
        return row.getBytes(c);
    }
}
