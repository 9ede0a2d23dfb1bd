package io.streamhouse.flink.sink;

import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;

/** Versions of the bytes that sinks leave in checkpoints. */
final class SinkState {
    private SinkState() {}

    static void checkVersion(String what, int version, int known) throws IOException {
        if (version != known) {
            throw new IOException(StreamhouseException.unknownVersion(
                            "checkpoint state",
                            "%s has version %d, this build knows %d".formatted(what, version, known))
                    .getMessage());
        }
    }
}
