package io.streamhouse.flink.source;

import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import java.util.Locale;

/** Columns that say where a row stands; UPDATE and DELETE of a table without key name their rows by them. */
public enum PositionColumn {
    /** Upper half of the file's id. */
    FILE_HIGH,
    /** Lower half of the file's id. */
    FILE_LOW,
    /** Position in the file. */
    FILE_ROW;

    /** Its name. */
    public String key() {
        return "__streamhouse_" + name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is an INT, otherwise a BIGINT. */
    public boolean isInt() {
        return this == FILE_ROW;
    }

    /** The column of a name that {@link #key} gave. */
    public static PositionColumn of(String key) {
        for (PositionColumn column : values()) {
            if (column.key().equals(key)) {
                return column;
            }
        }
        throw new IllegalArgumentException("no column '%s' says where a row stands".formatted(key));
    }

    Field field() {
        return new Field(0, key(), isInt() ? DataType.integer() : DataType.bigint(), false);
    }
}
