package io.streamhouse.spec.key;

import io.streamhouse.spec.Regenerated;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Canonical key bytes, partition tuples, digests and buckets of one key of every type, as a text that people can read. */
class GoldenKeysTest {
    private static String line(List<DataType> types, Row row) {
        List<Field> fields = new ArrayList<>();
        List<ColumnVector> columns = new ArrayList<>();
        for (DataType type : types) {
            fields.add(new Field(fields.size() + 1, "c", type, true));
        }
        RowView view = RowViews.of(fields, List.of()).view(row);
        for (int c = 0; c < fields.size(); c++) {
            ColumnBuilder builder = ColumnBuilder.of(fields.get(c).type().physical());
            builder.append(view, c);
            columns.add(builder.build());
        }
        KeyEncoder encoder = KeyEncoder.of(fields);
        String partition = HexFormat.of().formatHex(encoder.partitions(columns)[0].bytes());
        int bucket = new Bucketing(fields, 1024).buckets(columns, 1)[0];
        String key = "";
        String digest = "";
        if (columns.stream().noneMatch(ColumnVector::hasNulls)) {
            KeyColumn keys = encoder.keys(columns);
            key = HexFormat.of().formatHex(keys.canonical(0));
            digest = keys.digest(0, 1).toString();
        }
        String values = row.toString().replace("\u0000", "\\0");
        return "%s %s | key %s | digest %s | partition %s | bucket %d%n"
                .formatted(types, values, key, digest, partition, bucket)
                .replace(System.lineSeparator(), "\n");
    }

    private static String line(DataType type, Object value) {
        return line(List.of(type), Row.of(value));
    }

    @Test
    void keysHaveTheGoldenBytes() throws IOException {
        StringBuilder out =
                new StringBuilder("# types values | canonical key | digest | partition tuple | bucket of 1024\n");
        out.append(line(DataType.bool(), true));
        out.append(line(DataType.of(TypeRoot.TINYINT), (byte) -1));
        out.append(line(DataType.of(TypeRoot.SMALLINT), (short) 258));
        out.append(line(DataType.integer(), 34));
        out.append(line(DataType.bigint(), 34L));
        out.append(line(DataType.bigint(), Long.MIN_VALUE));
        out.append(line(DataType.decimal(9, 2), new BigDecimal("14.20")));
        out.append(line(DataType.decimal(38, 2), new BigDecimal("14.20")));
        out.append(line(DataType.decimal(38, 0), new BigDecimal("-" + "9".repeat(38))));
        out.append(line(DataType.string(), "iceberg"));
        out.append(line(DataType.string(), "a\u0000b"));
        out.append(line(new DataType(TypeRoot.CHAR, 3, 0), "ä"));
        out.append(line(DataType.bytes(), new byte[] {0, 1, 2, 3}));
        out.append(line(DataType.date(), LocalDate.of(2017, 11, 16)));
        out.append(line(new DataType(TypeRoot.TIME, 3, 0), LocalTime.of(22, 31, 8)));
        out.append(line(DataType.timestamp(6), LocalDateTime.of(2017, 11, 16, 22, 31, 8)));
        out.append(line(DataType.timestamp(9), LocalDateTime.of(2017, 11, 16, 22, 31, 8, 1001)));
        out.append(line(new DataType(TypeRoot.TIMESTAMP_LTZ, 3, 0), Instant.ofEpochMilli(-1)));
        out.append(line(List.of(DataType.bigint(), DataType.integer()), Row.of(-1L, 2)));
        out.append(line(List.of(DataType.bigint(), DataType.string()), Row.of(7L, "x")));
        out.append(line(List.of(DataType.string(), DataType.integer()), Row.of(null, 5)));
        Regenerated.check(Regenerated.file("golden/keys.txt"), out.toString().getBytes(StandardCharsets.UTF_8));
    }
}
