package io.streamhouse.flink;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.write.Extent;
import io.streamhouse.write.Overwrite;
import java.io.IOException;

/** TRUNCATE and DROP PARTITION: what is there goes, nothing comes. Runs in the process that plans the statement. */
final class Removals {
    private static final int TRIES = 3;

    private Removals() {}

    /**
     * Publishes the removal once; an answer that was lost is asked for again.
     *
     * @return false if there was nothing to remove, so nothing was published
     */
    static boolean publish(Table table, Extent extent) throws IOException {
        Overwrite overwrite = Overwrite.of(table, extent);
        if (overwrite.isEmpty()) {
            return false;
        }
        CommitDelta delta = Overwrite.withoutRows(table);
        for (int attempt = 1; ; attempt++) {
            try {
                check(table, overwrite.commit(delta));
                return true;
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void check(Table table, CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Refused refused) {
            throw new StreamhouseException(refused.code(), refused.message());
        }
        if (!(outcome instanceof CommitOutcome.Committed) && !(outcome instanceof CommitOutcome.AlreadyCommitted)) {
            throw new StreamhouseException(
                    ErrorCode.WRITE_CONFLICT, "removal from %s: unexpected answer %s".formatted(table.name(), outcome));
        }
    }
}
