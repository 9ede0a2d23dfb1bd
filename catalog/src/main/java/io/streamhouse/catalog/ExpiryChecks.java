package io.streamhouse.catalog;

/**
 * Which parts of what makes expiry harmless are in force: all of them, but in tests that show what each is worth.
 *
 * @param boundaryFirst a boundary is published, and stands for a while, before anything is deleted
 * @param heedsLeases what a lease names is kept
 * @param publishersLook whoever has put a snapshot asks whether its slot had expired
 * @param readersLook whoever has read the newest snapshot asks whether its slot had expired
 * @see "spec/commit.md, section Boundary"
 */
public record ExpiryChecks(boolean boundaryFirst, boolean heedsLeases, boolean publishersLook, boolean readersLook) {
    public static final ExpiryChecks ALL = new ExpiryChecks(true, true, true, true);
}
