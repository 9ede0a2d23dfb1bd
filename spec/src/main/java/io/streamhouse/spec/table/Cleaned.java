package io.streamhouse.spec.table;

/**
 * What cleaning may have taken when a snapshot was published, or takes later: objects that no snapshot up to this one names
 * and that were changed last before a time.
 *
 * @param changedBefore time in milliseconds since the epoch, by the store's clock; 0 if nothing was ever cleaned
 * @param baseBelow what was written at this snapshot or a later one was changed no earlier than that; 0 if nothing was
 *     ever cleaned
 */
public record Cleaned(long changedBefore, long baseBelow) {
    public static final Cleaned NOTHING = new Cleaned(0, 0);

    public Cleaned {
        if (changedBefore < 0 || baseBelow < 0) {
            throw new IllegalArgumentException(
                    "cleaned of what was changed before %d or has a base below %d".formatted(changedBefore, baseBelow));
        }
    }

    /** Whether all that another one may have taken may have been taken by this one. */
    public boolean covers(Cleaned other) {
        return changedBefore >= other.changedBefore && baseBelow >= other.baseBelow;
    }

    /** What either may have taken. */
    public Cleaned and(Cleaned other) {
        return new Cleaned(Math.max(changedBefore, other.changedBefore), Math.max(baseBelow, other.baseBelow));
    }
}
