package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.write.RowDeltaCommitter;
import java.io.IOException;

/**
 * Moments of a sink's life at which a test may hold it up; every one does nothing unless a test in this process installs
 * a probe. Called on the task's own thread, or on that of its maintenance.
 */
interface SinkProbe {
    SinkProbe NONE = new SinkProbe() {};

    /** Before the fence of a starting attempt is published. */
    default void beforeFence(String table) throws InterruptedException {}

    /** After the fence of a starting attempt was published. */
    default void afterFence(String table) throws InterruptedException {}

    /** Before a delta is committed. */
    default void beforeCommit(String table, CommitDelta delta) throws InterruptedException {}

    /** After a delta was committed and before Flink hears of it. */
    default void afterCommit(String table, CommitDelta delta) throws InterruptedException {}

    /** Opens the table for a committer. */
    default OpenTable openForCommits(TableAddress address) throws IOException {
        return address.open();
    }

    /** The rule that a statement is published under. */
    default RowDeltaCommitter.Rules rules() {
        return RowDeltaCommitter.Rules.ALL;
    }

    /** Opens the table for the compaction and expiry of a job. */
    default OpenTable openForMaintenance(TableAddress address) throws IOException {
        return address.open();
    }

    /** The probe of this process. */
    static SinkProbe active() {
        return Holder.active;
    }

    /** Installs a probe for this process. */
    static void install(SinkProbe probe) {
        Holder.active = probe;
    }

    /** Where the probe is kept. */
    final class Holder {
        private static volatile SinkProbe active = NONE;

        private Holder() {}
    }
}
