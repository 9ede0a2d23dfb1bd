package io.streamhouse.testkit.planted.lake;

/** Breaks the errors. */
class Throws {
    /** A good exception of its own. */
    static final class Named extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Named() {
            super("has a name");
        }
    }

    void named() {
        throw new Named();
    }

    void nameless() {
        throw new RuntimeException("says nothing");
    }
}
