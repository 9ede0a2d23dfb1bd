package io.streamhouse.flink.table;

import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;

/** Versioned bytes that a job finds in its checkpoints; damage and other versions end it with their code. */
public final class CheckpointBytes {
    private CheckpointBytes() {}

    /** Reads the bytes of a known version. */
    @FunctionalInterface
    public interface Reading<T> {
        T read();
    }

    /**
     * Reads bytes of the version that this build knows.
     *
     * @param what what the bytes hold, for messages
     * @param version the version that they were written with
     * @param known the version of this build
     */
    public static <T> T read(String what, int version, int known, Reading<T> reading) throws IOException {
        try {
            if (version != known) {
                throw StreamhouseException.unknownVersion(
                        "checkpoint state", "%s has version %d, this build knows %d".formatted(what, version, known));
            }
            return reading.read();
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }
}
