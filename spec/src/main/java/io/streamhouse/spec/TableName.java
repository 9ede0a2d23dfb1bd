package io.streamhouse.spec;

import java.util.Locale;

/**
 * Name of a table: database and object name.
 *
 * <p>Both parts become path components, so they are restricted: 1 to 128 letters, digits, {@code _} or {@code -} of
 * any script, beginning with a letter, digit or {@code _}. Names that differ only in case are refused by the catalog.
 *
 * @param database database name
 * @param table table name
 */
public record TableName(String database, String table) {
    private static final int MAX_LENGTH = 128;
    private static final int MAX_SHOWN = 80;

    public TableName {
        checkName("database", database);
        checkName("table", table);
    }

    public static TableName of(String database, String table) {
        return new TableName(database, table);
    }

    /** Parses {@code database.table}. */
    public static TableName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.indexOf('.', dot + 1) >= 0) {
            throw new StreamhouseException(ErrorCode.BAD_NAME, "'%s' is not database.table".formatted(printable(text)));
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Refuses a name that cannot be a path component on every store; {@code what} is the kind of object. */
    public static void checkName(String what, String name) {
        if (name == null || name.isEmpty()) {
            throw new StreamhouseException(ErrorCode.BAD_NAME, "%s name is empty".formatted(what));
        }
        if (name.length() > MAX_LENGTH) {
            throw new StreamhouseException(
                    ErrorCode.BAD_NAME,
                    "%s name '%s…' has %d characters, at most %d are allowed"
                            .formatted(what, printable(name.substring(0, 20)), name.length(), MAX_LENGTH));
        }
        int first = name.codePointAt(0);
        boolean legal = Character.isLetterOrDigit(first) || first == '_';
        for (int i = 0; legal && i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            legal = Character.isLetterOrDigit(c) || c == '_' || c == '-';
        }
        if (!legal) {
            throw new StreamhouseException(
                    ErrorCode.BAD_NAME,
                    "%s name '%s' may only hold letters, digits, '_' and '-', and must not begin with '-'"
                            .formatted(what, printable(name)));
        }
    }

    /** The text with what is not to be seen escaped, so that an error message stays one line and reads as it is. */
    public static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean hidden =
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.SURROGATE,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR -> true;
                        default -> false;
                    };
            if (hidden) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** The beginning of a text, at most 80 characters, as {@link #printable} shows it. */
    public static String shown(String text) {
        return printable(text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…");
    }

    @Override
    public String toString() {
        return database + "." + table;
    }
}
