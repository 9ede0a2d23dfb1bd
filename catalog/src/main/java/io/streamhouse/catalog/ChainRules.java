package io.streamhouse.catalog;

/**
 * The rules that make concurrent commits exact, handed in so that a test can leave one out and see it matter.
 *
 * @param identity who may commit what
 * @param publishersCheckBoundary publishers ask for the boundary after a put
 * @param readersCheckBoundary readers of the newest snapshot ask for the boundary after reading it
 */
record ChainRules(IdentityRule identity, boolean publishersCheckBoundary, boolean readersCheckBoundary) {
    /** All rules. */
    static final ChainRules ALL = new ChainRules(new IdentityRule(), true, true);

    ChainRules withIdentity(IdentityRule other) {
        return new ChainRules(other, publishersCheckBoundary, readersCheckBoundary);
    }
}
