package io.streamhouse.compact;

import java.io.IOException;

/** A rewrite was told to stop; nothing of it is left. */
final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
        super("compaction was cancelled");
    }
}
