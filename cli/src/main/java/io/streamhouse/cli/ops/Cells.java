package io.streamhouse.cli.ops;

import io.streamhouse.cli.sql.PlainText;
import io.streamhouse.spec.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values as people read them; the same in every locale and time zone. */
final class Cells {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Cells() {}

    /** {@code 17 B}, {@code 3.4 MiB}. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(count)) / 10;
        return String.format(Locale.ROOT, "%.1f %s", count / Math.pow(1024, unit), UNITS[unit]);
    }

    /** Milliseconds since the epoch, in UTC. */
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    /** {@code 12.5 %}; of nothing it is 0. */
    static String share(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0.0 : 100.0 * part / whole);
    }

    /** Whole seconds, rounded up. */
    static String seconds(Duration time) {
        return (time.toMillis() + 999) / 1000 + " s";
    }

    /** A count with its noun, in the singular for one. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** A row on one line. */
    static String row(Row row) {
        return PlainText.of(row.toString());
    }
}
