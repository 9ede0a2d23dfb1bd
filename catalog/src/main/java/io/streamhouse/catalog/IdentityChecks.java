package io.streamhouse.catalog;

/**
 * Which parts of the identity rule are in force: all of them, but in tests that show what each is worth.
 *
 * @param fenceOlderEpochs an older epoch may commit no more than what the restored checkpoint holds
 * @param onlyUuidsProveACommit a delta is in the table only if its UUID is; without it an identifier that is not new is
 *     proof enough
 * @param followsPredecessor a delta goes directly on top of the last one of its own timeline; without it on anything
 * @param remembersUsers users are known by the commit map; without it only as long as a snapshot of theirs is likely to be
 *     retained, as by who looks for them in snapshots
 * @see "spec/commit.md, section Commit identity"
 */
public record IdentityChecks(
        boolean fenceOlderEpochs, boolean onlyUuidsProveACommit, boolean followsPredecessor, boolean remembersUsers) {
    public static final IdentityChecks ALL = new IdentityChecks(true, true);

    /** With the last two parts in force. */
    public IdentityChecks(boolean fenceOlderEpochs, boolean onlyUuidsProveACommit) {
        this(fenceOlderEpochs, onlyUuidsProveACommit, true, true);
    }
}
