package io.streamhouse.catalog;

/**
 * The rules that make concurrent commits exact, handed in so that a test can leave one out and see it matter.
 *
 * @param identity who may commit what
 * @param publishersCheckBoundary publishers ask for the boundary after a put
 * @param readersCheckBoundary readers of the newest snapshot ask for the boundary after reading it
 * @param expiry what expirers heed
 * @param publish what publishers heed
 * @param alteration what who changes options heeds
 * @param decoder of snapshots; one that remembers what it decoded changes no rule
 */
record ChainRules(
        IdentityRule identity,
        boolean publishersCheckBoundary,
        boolean readersCheckBoundary,
        ExpiryRules expiry,
        PublishChecks publish,
        AlterationChecks alteration,
        SnapshotDecoder decoder) {
    /** All rules. */
    static final ChainRules ALL = new ChainRules(new IdentityRule(), true, true);

    ChainRules(IdentityRule identity, boolean publishersCheckBoundary, boolean readersCheckBoundary) {
        this(
                identity,
                publishersCheckBoundary,
                readersCheckBoundary,
                ExpiryRules.ALL,
                PublishChecks.ALL,
                AlterationChecks.ALL,
                SnapshotDecoder.CODEC);
    }

    /** The rules that some checks leave. */
    static ChainRules of(
            IdentityChecks identity,
            ExpiryChecks expiry,
            PublishChecks publish,
            AlterationChecks alteration,
            SnapshotDecoder decoder) {
        return new ChainRules(
                identity.equals(IdentityChecks.ALL) ? new IdentityRule() : new WeakenedIdentity(identity),
                expiry.publishersLook(),
                expiry.readersLook(),
                new ExpiryRules(expiry.boundaryFirst(), expiry.heedsLeases(), true),
                publish,
                alteration,
                decoder);
    }

    ChainRules withIdentity(IdentityRule other) {
        return new ChainRules(
                other, publishersCheckBoundary, readersCheckBoundary, expiry, publish, alteration, decoder);
    }
}
