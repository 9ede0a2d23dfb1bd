package io.streamhouse.cli;

/** What the process answers to the shell. */
final class ExitCode {
    /** All right. */
    static final int OK = 0;

    /** Something failed; stderr says what. */
    static final int FAILURE = 1;

    /** The command line was wrong, or something it needs is absent. */
    static final int USAGE = 2;

    /** A proof failed. */
    static final int PROOF_FAILED = 3;

    private ExitCode() {}
}
