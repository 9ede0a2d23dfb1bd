package io.streamhouse.catalog;

/**
 * Which parts of what makes cleaning harmless are in force: all of them, but in tests that show what each is worth.
 *
 * @param heedsAge what is young is kept
 * @param heedsLeases what came after a leased snapshot is kept
 * @param failsClosed metadata that cannot be read ends a run before anything is deleted
 * @param looksAgain boundary, leases and newest snapshot are read again right before anything is deleted
 * @param announces what may be taken is published before anything is deleted
 * @see OrphanCleaner
 */
public record CleaningChecks(
        boolean heedsAge, boolean heedsLeases, boolean failsClosed, boolean looksAgain, boolean announces) {
    public static final CleaningChecks ALL = new CleaningChecks(true, true, true, true, true);
}
