package io.streamhouse.testkit;

/** A call of an object store, as far as faults and counts tell them apart. */
public enum StoreCall {
    READ(false),
    SIZE(false),
    LIST(false),
    PUT(true),
    PUT_IF_ABSENT(true),
    /** {@link io.streamhouse.storage.ObjectOutput#commit()} */
    COMMIT(true),
    /** Of an object or of a directory. */
    DELETE(true),
    /** Of a directory; changes nothing that can be seen. */
    MAKE_LASTING(false);

    private final boolean mutating;

    StoreCall(boolean mutating) {
        this.mutating = mutating;
    }

    /** True if the call changes the store. */
    public boolean isMutating() {
        return mutating;
    }
}
