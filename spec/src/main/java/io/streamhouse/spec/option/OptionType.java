package io.streamhouse.spec.option;

import io.streamhouse.spec.table.FileFormat;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What values an option takes.
 *
 * @param name one word for the documents
 * @param allowed what is allowed, as an error says it
 * @param reserved values that are known and not available yet
 * @param parse text to value; IllegalArgumentException or DateTimeParseException if it is none
 * @param <T> class of values
 */
record OptionType<T>(String name, String allowed, List<String> reserved, Function<String, T> parse) {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern(" HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 3, true)
            .toFormatter(Locale.ROOT);

    private static final int MAX_NAME = 128;

    OptionType {
        reserved = List.copyOf(reserved);
    }

    static <T> OptionType<T> of(String name, String allowed, Function<String, T> parse) {
        return new OptionType<>(name, allowed, List.of(), parse);
    }

    static OptionType<Boolean> bool() {
        return of("boolean", "true | false", text -> {
            String value = text.trim().toLowerCase(Locale.ROOT);
            check(value.equals("true") || value.equals("false"));
            return Boolean.valueOf(value);
        });
    }

    static OptionType<Integer> integer(int min, int max) {
        return of("integer", "%d to %d".formatted(min, max), text -> {
            int value = Integer.parseInt(text.trim());
            check(value >= min && value <= max);
            return value;
        });
    }

    static OptionType<Long> number(long min) {
        return of("integer", "%d or more".formatted(min), text -> {
            long value = Long.parseLong(text.trim());
            check(value >= min);
            return value;
        });
    }

    static OptionType<DataSize> size(DataSize min, DataSize max) {
        return of("size", "%s to %s".formatted(min, max), text -> {
            DataSize value = DataSize.parse(text);
            check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
            return value;
        });
    }

    static OptionType<Duration> duration(Duration min, Duration max) {
        return of("duration", "%s to %s".formatted(DurationText.print(min), DurationText.print(max)), text -> {
            Duration value = DurationText.parse(text);
            check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
            return value;
        });
    }

    /** Constants by their names in lower case with dashes. */
    @SafeVarargs
    static <E extends Enum<E>> OptionType<E> choice(List<String> reserved, E... values) {
        List<String> names = new ArrayList<>();
        for (E e : values) {
            names.add(nameOf(e));
        }
        return new OptionType<>("choice", String.join(" | ", names), reserved, text -> {
            int at = names.indexOf(text.trim().toLowerCase(Locale.ROOT));
            check(at >= 0);
            return values[at];
        });
    }

    static String nameOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static OptionType<FileFormat> fileFormat() {
        return choice(List.of(), FileFormat.PARQUET, FileFormat.ORC);
    }

    /** Column names separated by commas. */
    static OptionType<List<String>> columns() {
        return of("columns", "column names separated by commas", text -> {
            List<String> out = new ArrayList<>();
            for (String name : text.split(",", -1)) {
                check(!name.isBlank());
                out.add(name.strip());
            }
            return List.copyOf(out);
        });
    }

    /** A name of 1 to 128 printable characters. */
    static OptionType<String> userName() {
        return of("text", "1 to " + MAX_NAME + " printable characters", text -> {
            check(!text.isBlank() && text.length() <= MAX_NAME);
            check(text.codePoints()
                    .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE));
            return text;
        });
    }

    /** A URI with scheme and host. */
    static OptionType<URI> endpoint() {
        return of("URI", "a URI such as https://host:9000", text -> {
            URI uri = URI.create(text.trim());
            check(uri.getScheme() != null && uri.getHost() != null && uri.getRawUserInfo() == null);
            return uri;
        });
    }

    /** One word of printable characters. */
    static OptionType<String> word() {
        return of("text", "printable characters without blanks", text -> {
            check(!text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f));
            return text;
        });
    }

    /** Any text; for options that are not available yet. */
    static OptionType<String> text() {
        return of("text", "text", Function.identity());
    }

    /** Date, or date and time with up to three fractional digits, in the session's time zone. */
    static OptionType<LocalDateTime> timestamp() {
        return of("timestamp", "yyyy-MM-dd or yyyy-MM-dd HH:mm:ss[.SSS]", text -> {
            String trimmed = text.trim();
            return trimmed.length() == 10
                    ? LocalDate.parse(trimmed).atStartOfDay()
                    : LocalDateTime.parse(trimmed, TIMESTAMP);
        });
    }

    static OptionType<ScanBound> bound() {
        return of("bound", "latest | a snapshot id of 1 or more", text -> {
            if (text.trim().equalsIgnoreCase("latest")) {
                return new ScanBound.Latest();
            }
            return new ScanBound.AtSnapshot(Long.parseLong(text.trim()));
        });
    }

    private static void check(boolean ok) {
        if (!ok) {
            throw new IllegalArgumentException();
        }
    }
}
