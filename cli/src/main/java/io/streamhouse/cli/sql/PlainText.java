package io.streamhouse.cli.sql;

import java.util.Locale;

/** Texts of users' data as they may be printed anywhere: control characters could steer a terminal or break a line. */
public final class PlainText {
    private PlainText() {}

    /** The text with {@code \n}, {@code \t}, and all other control characters in the form that JSON knows too. */
    public static String of(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (Character.isISOControl(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
