package io.streamhouse.spec.type;

import java.util.Objects;

/**
 * A column.
 *
 * @param id stable number of the column, from 1; never reused within a table
 * @param name column name
 * @param type scalar type
 * @param nullable whether NULL is allowed
 * @param comment free text, empty if none
 */
public record Field(int id, String name, DataType type, boolean nullable, String comment) {
    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(comment, "comment");
    }

    public Field(int id, String name, DataType type, boolean nullable) {
        this(id, name, type, nullable, "");
    }
}
