package io.streamhouse.catalog;

/**
 * Which parts of publishing are in force: all of them, but in tests that show what each is worth.
 *
 * @param readsBack a slot is read back unless the store says that it was filled by this very put; without it the store's
 *     word is taken
 * @param requiresLiveInputs a compaction is published only where all its inputs are live
 * @param heedsCleaners what a cleaner may take is not published
 * @see "spec/commit.md, section Publishing"
 */
public record PublishChecks(boolean readsBack, boolean requiresLiveInputs, boolean heedsCleaners) {
    public static final PublishChecks ALL = new PublishChecks(true, true, true);
}
