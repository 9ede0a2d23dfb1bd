package io.streamhouse.spec.codec;

import io.streamhouse.spec.StreamhouseException;

/**
 * The path that a record of a chain holds of itself: its number is nowhere else in it, so a whole record in another's
 * place could not be told from the right one.
 *
 * @see "spec/commit.md, sections Boundary and Leases"
 */
final class OwnPlace {
    static final String FIELD = "object";

    private OwnPlace() {}

    /** Refuses a record that says it is another object; older records say nothing. */
    static void check(JsonRecord record, String object) {
        if (record.has(FIELD) && !record.text(FIELD).equals(object)) {
            throw StreamhouseException.corrupt(object, "it holds the record of '%s'".formatted(record.text(FIELD)));
        }
    }
}
