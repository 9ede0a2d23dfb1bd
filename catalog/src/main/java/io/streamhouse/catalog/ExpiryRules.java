package io.streamhouse.catalog;

/**
 * The rules that make expiry harmless, handed in so that a test can leave one out and see it matter.
 *
 * @param publishesBoundary a boundary stands before anything is deleted
 * @param heedsLeases what a lease names is kept
 * @param waits nothing is deleted before the boundary has stood for {@link SnapshotExpiry#GRACE} and the leases were read
 *     once more
 */
record ExpiryRules(boolean publishesBoundary, boolean heedsLeases, boolean waits) {
    /** All rules. */
    static final ExpiryRules ALL = new ExpiryRules(true, true, true);
}
