package io.streamhouse.flink.table;

import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** The table's errors as a running job sees them: the code stays in the message, and no restart repeats them for ever. */
public final class TaskErrors {
    private TaskErrors() {}

    /**
     * What to throw: an IOException for what another attempt may find healed; what every attempt would meet again ends the
     * job at once, as an unchecked exception that this method throws itself.
     */
    public static IOException of(StreamhouseException e) {
        IOException error = new IOException(e.getMessage(), e);
        boolean mayHeal =
                switch (e.code()) {
                    case MISSING_FILE, NO_SPACE, NO_PERMISSION, CORRUPT_FILE -> true;
                    default -> false;
                };
        if (!mayHeal) {
            throw new SuppressRestartsException(error);
        }
        return error;
    }
}
