package io.streamhouse.cli.input;

import java.util.Objects;

/**
 * One event of a table's change stream.
 *
 * <p>Row images hold the table's columns in order: {@code Long}, {@code Integer}, {@code String}, {@code BigDecimal} and
 * {@code LocalDate}; they are not copied, and nobody writes into them.
 *
 * @param table the table that changed
 * @param kind what happened
 * @param before the row that goes, null for a create
 * @param after the row that comes, null for a delete
 * @param number ascending per table from 1 without gaps
 */
public record ChangeEvent(SourceTable table, Kind kind, Object[] before, Object[] after, long number) {
    /** The four letters of Debezium that occur here. */
    public enum Kind {
        CREATE("c"),
        UPDATE("u"),
        DELETE("d");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }

        /** Value of the field {@code op}. */
        public String letter() {
            return letter;
        }
    }

    public ChangeEvent {
        Objects.requireNonNull(table, "table");
        if ((before == null) != (kind == Kind.CREATE) || (after == null) != (kind == Kind.DELETE)) {
            throw new IllegalArgumentException(
                    "event %d of %s: images do not fit a %s".formatted(number, table.name(), kind));
        }
    }
}
