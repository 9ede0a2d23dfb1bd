package io.streamhouse.spec.option;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes; written as {@code 64 mb}, {@code 128kb}, {@code 1 g}, {@code 100} with units of 1024.
 *
 * @param bytes at least 0
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");
    private static final String[] UNITS = {"b", "kb", "mb", "gb", "tb"};

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size of " + bytes + " bytes");
        }
    }

    public static DataSize ofMebibytes(long mebibytes) {
        return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /** Parses a number and a unit (b, k, kb, m, mb, g, gb, t, tb; none = bytes); else IllegalArgumentException. */
    public static DataSize parse(String text) {
        Matcher m = TEXT.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (m.matches()) {
            long number = Long.parseLong(m.group(1));
            for (int i = 0; i < UNITS.length; i++) {
                if (m.group(2).equals(UNITS[i])
                        || m.group(2).equals(UNITS[i].substring(0, 1))
                        || i == 0 && m.group(2).isEmpty()) {
                    return scaled(text, number, 10 * i);
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no size");
    }

    private static DataSize scaled(String text, long number, int shift) {
        if (number > Long.MAX_VALUE >>> shift) {
            throw new IllegalArgumentException("'" + text + "' exceeds 2^63 bytes");
        }
        return new DataSize(number << shift);
    }

    /** The size in the largest unit that divides it, as {@link #parse} reads it. */
    @Override
    public String toString() {
        int unit = 0;
        long number = bytes;
        while (number != 0 && unit < UNITS.length - 1 && (number & 1023) == 0) {
            number >>>= 10;
            unit++;
        }
        return number + " " + UNITS[unit];
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }
}
