package io.streamhouse.catalog;

/**
 * Which parts of the identity rule are in force: all of them, but in tests that show what each is worth.
 *
 * @param fenceOlderEpochs an older epoch may commit no more than what the restored checkpoint holds
 * @param onlyUuidsProveACommit a delta is in the table only if its UUID is; without it an identifier that is not new is
 *     proof enough
 * @see "spec/commit.md, section Commit identity"
 */
public record IdentityChecks(boolean fenceOlderEpochs, boolean onlyUuidsProveACommit) {
    public static final IdentityChecks ALL = new IdentityChecks(true, true);
}
