package io.streamhouse.spec.option;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as options write them: {@code 10 s}, {@code 200ms}, {@code 1 min}, {@code 1 h}, {@code 2 d}, {@code PT10S}. */
public final class DurationText {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*([a-z]+)");
    private static final Map<String, Long> MILLIS = Map.ofEntries(
            Map.entry("ms", 1L),
            Map.entry("milli", 1L),
            Map.entry("millis", 1L),
            Map.entry("s", 1000L),
            Map.entry("sec", 1000L),
            Map.entry("second", 1000L),
            Map.entry("seconds", 1000L),
            Map.entry("m", 60_000L),
            Map.entry("min", 60_000L),
            Map.entry("minute", 60_000L),
            Map.entry("minutes", 60_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("hour", 3_600_000L),
            Map.entry("hours", 3_600_000L),
            Map.entry("d", 86_400_000L),
            Map.entry("day", 86_400_000L),
            Map.entry("days", 86_400_000L));

    private DurationText() {}

    /** Parses whole milliseconds; else IllegalArgumentException. */
    public static Duration parse(String text) {
        String trimmed = text.trim();
        Matcher m = TEXT.matcher(trimmed.toLowerCase(Locale.ROOT));
        try {
            if (m.matches() && MILLIS.containsKey(m.group(2))) {
                return Duration.ofMillis(Math.multiplyExact(Long.parseLong(m.group(1)), MILLIS.get(m.group(2))));
            }
            Duration iso = Duration.parse(trimmed);
            if (!iso.isNegative() && iso.equals(Duration.ofMillis(iso.toMillis()))) {
                return iso;
            }
        } catch (ArithmeticException | DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no duration", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no duration of whole milliseconds");
    }

    /** The duration in the largest unit that divides it, as {@link #parse} reads it. */
    public static String print(Duration duration) {
        long millis = duration.toMillis();
        String[] units = {"d", "h", "min", "s"};
        for (String unit : units) {
            if (millis != 0 && millis % MILLIS.get(unit) == 0) {
                return millis / MILLIS.get(unit) + " " + unit;
            }
        }
        return millis + " ms";
    }
}
