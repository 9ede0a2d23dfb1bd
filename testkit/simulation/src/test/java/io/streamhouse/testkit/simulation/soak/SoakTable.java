package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The table, the rows that jobs write into it, and a hash over all columns that has nothing in common with the store's. */
final class SoakTable {
    static final TableName NAME = TableName.of("db", "soak");

    private static final int BUCKETS = 4;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private static final List<Field> FIELDS = List.of(
            new Field(0, "id", DataType.bigint(), false),
            new Field(0, "job", DataType.integer(), true),
            new Field(0, "round", DataType.bigint(), true),
            new Field(0, "amount", DataType.decimal(12, 2), true),
            new Field(0, "ratio", DataType.parse("DOUBLE"), true),
            new Field(0, "paid", DataType.bool(), true),
            new Field(0, "day", DataType.date(), true),
            new Field(0, "updated", DataType.timestamp(3), true),
            new Field(0, "note", DataType.string(), true),
            new Field(0, "raw", DataType.bytes(), true));

    private SoakTable() {}

    static void create(Path warehouse, Duration retained) throws IOException {
        Catalog catalog = catalog(warehouse);
        catalog.createDatabase(NAME.database(), true);
        Map<String, String> options = Map.of("snapshot.time-retained", retained.toMillis() + " ms");
        catalog.createTable(NAME, TableSchema.create(FIELDS, List.of("id"), List.of(), List.of(), BUCKETS, options));
    }

    static Table open(Path warehouse) throws IOException {
        return catalog(warehouse).table(NAME);
    }

    private static Catalog catalog(Path warehouse) throws IOException {
        return Catalogs.open(Components.system(ObjectStores.local(warehouse)));
    }

    /** The row that a job writes for a key in a round. */
    static Row row(long seed, int job, long round, long key) {
        long r = mix(mix(mix(seed ^ job) + round) ^ key);
        String note = r % 5 == 0 ? null : "note %x of job %d ü".formatted(r, job);
        byte[] raw = r % 7 == 0 ? null : Long.toString(r, 36).getBytes(StandardCharsets.US_ASCII);
        return Row.of(
                key,
                job,
                round,
                BigDecimal.valueOf(r % 1_000_000_000, 2),
                r % 3 == 0 ? null : (r >> 11) / 1024.0,
                (r & 1) == 0,
                LocalDate.ofEpochDay(Long.remainderUnsigned(r, 20_000)),
                LocalDateTime.ofEpochSecond(
                        round * 60 + key, (int) Long.remainderUnsigned(r, 1000) * 1_000_000, ZoneOffset.UTC),
                note,
                raw);
    }

    /** Hash over all columns of a row, never 0; the hash of a table is the sum over its rows. */
    static long hash(Row row) {
        long h = row.size();
        for (int c = 0; c < row.size(); c++) {
            h = mix(h * 31 + valueHash(row.value(c)));
        }
        return h == 0 ? 1 : h;
    }

    private static long valueHash(Object value) {
        if (value == null) {
            return GOLDEN;
        } else if (value instanceof Long l) {
            return l;
        } else if (value instanceof Integer i) {
            return i;
        } else if (value instanceof Double d) {
            return Double.doubleToLongBits(d);
        } else if (value instanceof byte[] b) {
            return bytesHash(b);
        } else {
            return bytesHash(value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static long bytesHash(byte[] bytes) {
        long h = bytes.length;
        for (byte b : bytes) {
            h = h * 0x100000001b3L + (b & 0xff);
        }
        return mix(h);
    }

    /** Finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    static long mix(long z) {
        z += GOLDEN;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
