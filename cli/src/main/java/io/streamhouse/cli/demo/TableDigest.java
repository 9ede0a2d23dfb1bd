package io.streamhouse.cli.demo;

/**
 * What a table holds, in short: two equal digests mean equal rows.
 *
 * @param rows number of rows
 * @param high upper half of the hash over all columns of all rows
 * @param low lower half
 */
record TableDigest(long rows, long high, long low) {
    /** Reads the text of {@link RowHashFunction}. */
    static TableDigest parse(String text) {
        String[] parts = text.split("/");
        if (parts.length != 3) {
            throw new IllegalArgumentException("'" + text + "' is no digest");
        }
        return new TableDigest(
                Long.parseLong(parts[0]), Long.parseUnsignedLong(parts[1], 16), Long.parseUnsignedLong(parts[2], 16));
    }

    /** Rows and hash as {@link #parse} reads them. */
    String text() {
        return "%d/%016x/%016x".formatted(rows, high, low);
    }

    @Override
    public String toString() {
        return "rows:%d,hash:%016x%016x".formatted(rows, high, low);
    }
}
