package io.streamhouse.flink.metadata;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.types.DataType;

/**
 * {@code t$snapshots}, {@code t$files}, {@code t$partitions}, {@code t$buckets}, {@code t$compactions}, {@code t$options}:
 * bounded, read at the moment of the query.
 */
public enum MetadataTable {
    SNAPSHOTS(
            column("snapshot_id", DataTypes.BIGINT().notNull()),
            column("commit_kind", DataTypes.STRING().notNull()),
            column("commit_time", DataTypes.TIMESTAMP_LTZ(3).notNull()),
            column("commit_user", DataTypes.STRING()),
            column("commit_identifier", DataTypes.BIGINT()),
            column("schema_id", DataTypes.INT().notNull()),
            column("row_count", DataTypes.BIGINT().notNull()),
            column("key_digest", DataTypes.STRING().notNull()),
            column("rows_inserted", DataTypes.BIGINT().notNull()),
            column("rows_updated", DataTypes.BIGINT().notNull()),
            column("rows_deleted", DataTypes.BIGINT().notNull()),
            column("lost_races", DataTypes.INT().notNull())),
    FILES(
            column("path", DataTypes.STRING().notNull()),
            column("format", DataTypes.STRING().notNull()),
            column("level", DataTypes.INT().notNull()),
            column("record_count", DataTypes.BIGINT().notNull()),
            column("size_bytes", DataTypes.BIGINT().notNull()),
            column("slices", DataTypes.INT().notNull()),
            column("schema_id", DataTypes.INT().notNull()),
            column("added_in", DataTypes.BIGINT().notNull()),
            column("born_in", DataTypes.BIGINT().notNull())),
    PARTITIONS(
            column("partition", DataTypes.STRING().notNull()),
            column("buckets", DataTypes.INT().notNull()),
            column("slices", DataTypes.INT().notNull()),
            column("record_count", DataTypes.BIGINT().notNull()),
            column("masked_count", DataTypes.BIGINT().notNull()),
            column("size_bytes", DataTypes.BIGINT().notNull()),
            column("last_added_in", DataTypes.BIGINT().notNull())),
    BUCKETS(
            column("partition", DataTypes.STRING().notNull()),
            column("bucket", DataTypes.INT().notNull()),
            column("slices", DataTypes.INT().notNull()),
            column("record_count", DataTypes.BIGINT().notNull()),
            column("masked_count", DataTypes.BIGINT().notNull()),
            column("size_bytes", DataTypes.BIGINT().notNull()),
            column("last_added_in", DataTypes.BIGINT().notNull())),
    COMPACTIONS(
            column("snapshot_id", DataTypes.BIGINT().notNull()),
            column("commit_time", DataTypes.TIMESTAMP_LTZ(3).notNull()),
            column("base_snapshot_id", DataTypes.BIGINT()),
            column("reason", DataTypes.STRING()),
            column("input_files", DataTypes.INT()),
            column("output_files", DataTypes.INT()),
            column("record_count", DataTypes.BIGINT()),
            column("bytes_read", DataTypes.BIGINT()),
            column("bytes_written", DataTypes.BIGINT()),
            column("lost_races", DataTypes.INT().notNull())),
    OPTIONS(
            column("key", DataTypes.STRING().notNull()),
            column("value", DataTypes.STRING().notNull()));

    private record NamedColumn(String name, DataType type) {}

    private final NamedColumn[] columns;

    MetadataTable(NamedColumn... columns) {
        this.columns = columns;
    }

    private static NamedColumn column(String name, DataType type) {
        return new NamedColumn(name, type);
    }

    /** The metadata table that a name means, such as {@code orders$files}; a suffix alone is the name of nothing. */
    public static Optional<MetadataTable> of(String name) {
        return Arrays.stream(values())
                .filter(m ->
                        name.endsWith(m.suffix()) && name.length() > m.suffix().length())
                .findFirst();
    }

    private String suffix() {
        return "$" + name().toLowerCase(Locale.ROOT);
    }

    /** Name of the table that a name of this kind speaks about. */
    public String base(String name) {
        return name.substring(0, name.length() - suffix().length());
    }

    /** Whether it can be read at an older snapshot; the others are about the table as a whole. */
    public boolean hasSnapshots() {
        return this == FILES || this == PARTITIONS || this == BUCKETS;
    }

    /** Its columns. */
    public Schema schema() {
        Schema.Builder builder = Schema.newBuilder();
        for (NamedColumn c : columns) {
            builder.column(c.name(), c.type());
        }
        return builder.build();
    }
}
