package io.streamhouse.columnar;

import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcConf;
import org.apache.orc.TypeDescription;

/**
 * What every ORC file of ours has in common, so that a reader needs no footer; see "spec/data-files.md". All of ORC's and
 * Hadoop's classes stand behind the classes that begin with {@code Orc}.
 */
final class OrcProfile {
    static final CompressionKind COMPRESSION = CompressionKind.ZSTD;
    /** Number of the codec in locators. */
    static final int CODEC = ChunkPages.ZSTD;

    static final int BUFFER_BYTES = 64 << 10;
    static final int INDEX_STRIDE = ColumnFiles.BATCH_ROWS;
    /** ORC wants a path for its messages; no file system is behind it. */
    static final Path NOWHERE = new Path("/streamhouse.orc");

    /** Never changed after this; reads nothing from files. */
    static final Configuration CONFIGURATION = configuration();

    private static final String ICEBERG_ID = "iceberg.id";

    private OrcProfile() {}

    private static Configuration configuration() {
        Configuration configuration = new Configuration(false);
        // a stripe ends when it is told to, never by a count of rows
        configuration.set(OrcConf.ROWS_BETWEEN_CHECKS.getAttribute(), "0");
        return configuration;
    }

    /** The schema of a file of these columns; column c has ORC's column id c + 1. */
    static TypeDescription schema(List<Field> columns) {
        TypeDescription struct = TypeDescription.createStruct();
        for (Field column : columns) {
            struct.addField(column.name(), type(column));
        }
        // numbers the columns
        struct.getId();
        return struct;
    }

    private static TypeDescription type(Field column) {
        DataType type = column.type();
        TypeDescription orc =
                switch (type.root()) {
                    case BOOLEAN -> TypeDescription.createBoolean();
                    case TINYINT -> TypeDescription.createByte();
                    case SMALLINT -> TypeDescription.createShort();
                    case INT -> TypeDescription.createInt();
                    case BIGINT -> TypeDescription.createLong();
                    case TIME -> TypeDescription.createLong().setAttribute("iceberg.long-type", "TIME");
                    case FLOAT -> TypeDescription.createFloat();
                    case DOUBLE -> TypeDescription.createDouble();
                    case DECIMAL ->
                        TypeDescription.createDecimal()
                                .withScale(0)
                                .withPrecision(type.length())
                                .withScale(type.scale());
                    // char and varchar of ORC pad and cut
                    case CHAR, VARCHAR -> TypeDescription.createString();
                    case BINARY, VARBINARY -> TypeDescription.createBinary();
                    case DATE -> TypeDescription.createDate();
                    case TIMESTAMP -> withUnit(TypeDescription.createTimestamp(), type);
                    case TIMESTAMP_LTZ -> withUnit(TypeDescription.createTimestampInstant(), type);
                };
        return orc.setAttribute(ICEBERG_ID, Integer.toString(column.id()))
                .setAttribute("iceberg.required", Boolean.toString(!column.nullable()));
    }

    private static TypeDescription withUnit(TypeDescription orc, DataType type) {
        return orc.setAttribute("iceberg.timestamp-unit", type.isNanos() ? "NANOS" : "MICROS");
    }
}
