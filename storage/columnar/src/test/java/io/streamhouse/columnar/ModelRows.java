package io.streamhouse.columnar;

import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Rows as plain lists, the model of every test here. A value is null, a Long (BOOLEAN, INT, LONG), Float, Double or
 * ByteBuffer.
 */
final class ModelRows {
    /** Every scalar type, at the edges of its parameters. */
    static final List<DataType> TYPES = List.of(
            DataType.bool(),
            DataType.of(TypeRoot.TINYINT),
            DataType.of(TypeRoot.SMALLINT),
            DataType.integer(),
            DataType.bigint(),
            DataType.of(TypeRoot.FLOAT),
            DataType.of(TypeRoot.DOUBLE),
            DataType.decimal(1, 0),
            DataType.decimal(9, 9),
            DataType.decimal(10, 3),
            DataType.decimal(18, 0),
            DataType.decimal(19, 2),
            DataType.decimal(28, 2),
            DataType.decimal(38, 38),
            new DataType(TypeRoot.CHAR, 4, 0),
            DataType.string(),
            new DataType(TypeRoot.BINARY, 3, 0),
            DataType.bytes(),
            DataType.date(),
            new DataType(TypeRoot.TIME, 6, 0),
            DataType.timestamp(0),
            DataType.timestamp(9),
            new DataType(TypeRoot.TIMESTAMP_LTZ, 6, 0),
            new DataType(TypeRoot.TIMESTAMP_LTZ, 9, 0));

    private static final int STYLES = 5;

    final List<Field> fields;
    final List<Object[]> rows = new ArrayList<>();

    ModelRows(List<Field> fields) {
        this.fields = fields;
    }

    /** Random columns of random types; ids neither dense nor in order. */
    static List<Field> randomFields(Random random, int count) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DataType type = TYPES.get(random.nextInt(TYPES.size()));
            fields.add(new Field(1000 - 7 * i, "c" + i + (i % 3 == 0 ? ".größe" : ""), type, random.nextInt(3) > 0));
        }
        return fields;
    }

    /** One column per type, nullable or not. */
    static List<Field> allTypes(boolean nullable) {
        List<Field> fields = new ArrayList<>();
        for (DataType type : TYPES) {
            fields.add(new Field(fields.size() + 1, "c" + fields.size(), type, nullable));
        }
        return fields;
    }

    /** Random rows; every column has a style of its own and, if nullable, a null pattern of its own. */
    static ModelRows random(Random random, List<Field> fields, int rowCount) {
        ModelRows model = new ModelRows(fields);
        for (int i = 0; i < rowCount; i++) {
            model.rows.add(new Object[fields.size()]);
        }
        for (int c = 0; c < fields.size(); c++) {
            Field field = fields.get(c);
            int style = random.nextInt(STYLES);
            int pattern = field.nullable() ? random.nextInt(5) : 0;
            Object[] pool = new Object[1 + random.nextInt(20)];
            Arrays.setAll(pool, i -> value(random, field.type()));
            Object last = pool[0];
            for (int row = 0; row < rowCount; row++) {
                if (!isNull(random, pattern, row)) {
                    last = next(random, field.type(), style, pool, last, row);
                    model.rows.get(row)[c] = last;
                }
            }
        }
        return model;
    }

    /** The same rows, but times in the last second before 1970, which ORC does not know, stand a second earlier. */
    ModelRows forOrc() {
        for (int c = 0; c < fields.size(); c++) {
            DataType type = fields.get(c).type();
            if (type.root() == TypeRoot.TIMESTAMP || type.root() == TypeRoot.TIMESTAMP_LTZ) {
                long second = type.isNanos() ? 1_000_000_000L : 1_000_000L;
                for (Object[] row : rows) {
                    if (row[c] instanceof Long time && time < 0 && time > -second) {
                        row[c] = time - second;
                    }
                }
            }
        }
        return this;
    }

    private static boolean isNull(Random random, int pattern, int row) {
        return switch (pattern) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> random.nextInt(2) == 0;
            case 3 -> random.nextInt(100) == 0;
            default -> row / 100 % 2 == 0;
        };
    }

    private static Object next(Random random, DataType type, int style, Object[] pool, Object last, int row) {
        return switch (style) {
            case 0 -> pool[0];
            case 1 -> pool[random.nextInt(pool.length)];
            case 2 -> random.nextInt(50) == 0 ? pool[random.nextInt(pool.length)] : last;
            case 3 -> row < 3000 ? pool[random.nextInt(pool.length)] : value(random, type);
            default -> value(random, type);
        };
    }

    /** A random value, often an extreme one. */
    static Object value(Random random, DataType type) {
        boolean extreme = random.nextInt(8) == 0;
        boolean low = random.nextBoolean();
        return switch (type.root()) {
            case BOOLEAN -> (long) random.nextInt(2);
            case TINYINT -> extreme ? (low ? -128L : 127L) : random.nextInt(256) - 128L;
            case SMALLINT -> extreme ? (low ? -32768L : 32767L) : random.nextInt(65536) - 32768L;
            case INT, DATE -> extreme ? (low ? Integer.MIN_VALUE : Integer.MAX_VALUE) : (long) random.nextInt();
            case BIGINT, TIMESTAMP, TIMESTAMP_LTZ ->
                extreme ? (low ? Long.MIN_VALUE : Long.MAX_VALUE) : random.nextLong() >> random.nextInt(64);
            case TIME -> (long) (random.nextDouble() * 86_400_000_000L);
            case FLOAT -> {
                float[] odd = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN};
                yield extreme ? odd[random.nextInt(odd.length)] : (float) random.nextGaussian();
            }
            case DOUBLE -> {
                double[] odd = {0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Double.NEGATIVE_INFINITY, Double.NaN};
                yield extreme ? odd[random.nextInt(odd.length)] : random.nextGaussian();
            }
            case DECIMAL -> decimal(random, type, extreme, low);
            case CHAR, VARCHAR -> ByteBuffer.wrap(text(random, extreme).getBytes(StandardCharsets.UTF_8));
            case BINARY, VARBINARY -> {
                byte[] bytes = new byte[extreme ? (low ? 0 : 3000) : random.nextInt(12)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
        };
    }

    private static Object decimal(Random random, DataType type, boolean extreme, boolean low) {
        BigInteger bound = BigInteger.TEN.pow(type.length());
        BigInteger value = extreme
                ? bound.subtract(BigInteger.ONE)
                : new BigInteger(1 + random.nextInt(bound.bitLength()), random).mod(bound);
        value = low ? value.negate() : value;
        if (!type.isWideDecimal()) {
            return value.longValueExact();
        }
        byte[] wide = new byte[16];
        byte[] shortest = value.toByteArray();
        Arrays.fill(wide, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, wide, 16 - shortest.length, shortest.length);
        return ByteBuffer.wrap(wide);
    }

    private static String text(Random random, boolean extreme) {
        if (extreme) {
            return random.nextBoolean() ? "" : "\uDBFF\uDFFF".repeat(random.nextInt(40));
        }
        String[] letters = {"a", "b", "é", "漢", "\uD83D\uDE00", "\u0000"};
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            out.append(letters[random.nextInt(letters.length)]);
        }
        return out.toString();
    }

    /** Rows {@code [from, to)} as a dense batch, or scattered among rows that do not count. */
    ColumnBatch batch(int from, int to, Random random, boolean scattered) {
        int[] selection = scattered ? new int[to - from] : null;
        int size = 0;
        List<ColumnBuilder> builders = new ArrayList<>();
        for (Field f : fields) {
            builders.add(ColumnBuilder.of(f.type().physical()));
        }
        for (int row = from; row < to; row++) {
            for (int junk = scattered ? random.nextInt(3) : 0; junk > 0; junk--, size++) {
                for (int c = 0; c < fields.size(); c++) {
                    append(
                            builders.get(c),
                            random.nextInt(4) == 0
                                    ? null
                                    : value(random, fields.get(c).type()));
                }
            }
            for (int c = 0; c < fields.size(); c++) {
                append(builders.get(c), rows.get(row)[c]);
            }
            if (scattered) {
                selection[row - from] = size;
            }
            size++;
        }
        List<ColumnVector> vectors = builders.stream().map(ColumnBuilder::build).toList();
        return new ColumnBatch(vectors, size, selection);
    }

    private static void append(ColumnBuilder builder, Object value) {
        if (value == null) {
            builder.appendNull();
        } else if (builder instanceof ColumnBuilder.OfBooleans b) {
            b.append((Long) value != 0);
        } else if (builder instanceof ColumnBuilder.OfInts b) {
            b.append(((Long) value).intValue());
        } else if (builder instanceof ColumnBuilder.OfLongs b) {
            b.append((Long) value);
        } else if (builder instanceof ColumnBuilder.OfFloats b) {
            b.append((Float) value);
        } else if (builder instanceof ColumnBuilder.OfDoubles b) {
            b.append((Double) value);
        } else if (builder instanceof ColumnBuilder.OfBytes b) {
            b.append(((ByteBuffer) value).array());
        }
    }

    /** The value of a vector's row as the model has it. */
    static Object valueOf(ColumnVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        } else if (vector instanceof ColumnVector.Booleans v) {
            return (long) v.values()[row];
        } else if (vector instanceof ColumnVector.Ints v) {
            return (long) v.values()[row];
        } else if (vector instanceof ColumnVector.Longs v) {
            return v.values()[row];
        } else if (vector instanceof ColumnVector.Floats v) {
            return v.values()[row];
        } else if (vector instanceof ColumnVector.Doubles v) {
            return v.values()[row];
        }
        ColumnVector.Bytes v = (ColumnVector.Bytes) vector;
        return ByteBuffer.wrap(Arrays.copyOfRange(v.data(), v.offsets()[row], v.offsets()[row + 1]));
    }
}
