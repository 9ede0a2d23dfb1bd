package io.streamhouse.spec.table;

/**
 * Up to where a table's snapshots have expired.
 *
 * @param expiredThrough newest expired snapshot id, 0 for none
 * @param timeMillis when it was published, by its publisher's clock, in milliseconds since the epoch; 0 = not known, long
 *     ago
 */
public record Boundary(long expiredThrough, long timeMillis) {
    /** Nothing has expired. */
    public static final Boundary NONE = new Boundary(0, 0);

    public Boundary {
        if (expiredThrough < 0 || timeMillis < 0) {
            throw new IllegalArgumentException("boundary at %d of time %d".formatted(expiredThrough, timeMillis));
        }
    }
}
