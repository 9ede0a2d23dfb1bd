package io.streamhouse.testkit;

/** What can go wrong with one call of a store. */
public enum Fault {
    /** An {@link InjectedException}; the store did nothing. */
    ERROR_BEFORE(false),
    /** The store did it; a conditional put answers UNKNOWN, any other call throws an {@link InjectedException}. */
    RESPONSE_LOST(true),
    /** The same answer, but the store does it some calls later, whatever has happened in between. */
    APPLIED_LATER(true),
    /** The process dies before the call: a {@link CrashedException} now and at every later call. */
    CRASH_BEFORE(false),
    /** The process dies after the store did it. */
    CRASH_AFTER(true),
    /** The store did it, asks itself again, and answers for the second time: a conditional put finds its own object. */
    DONE_TWICE(true) {
        @Override
        public boolean fits(StoreCall call) {
            return super.fits(call) && call != StoreCall.COMMIT;
        }
    },
    /** {@code NO_SPACE}; the store did nothing. */
    NO_SPACE(true) {
        @Override
        public boolean fits(StoreCall call) {
            return super.fits(call) && call != StoreCall.DELETE;
        }
    },
    /** One bit of what is read comes back turned over. */
    FLIPPED_BIT(false) {
        @Override
        public boolean fits(StoreCall call) {
            return call == StoreCall.READ;
        }
    },
    /** What the last listing of the same directory showed, if anything. */
    STALE_LISTING(false) {
        @Override
        public boolean fits(StoreCall call) {
            return call == StoreCall.LIST;
        }
    };

    private final boolean onlyMutating;

    Fault(boolean onlyMutating) {
        this.onlyMutating = onlyMutating;
    }

    /** False if the fault makes no sense for a call that changes nothing. */
    public boolean fits(StoreCall call) {
        return call.isMutating() || !onlyMutating;
    }
}
