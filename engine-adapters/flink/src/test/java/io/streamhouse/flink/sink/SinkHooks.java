package io.streamhouse.flink.sink;

import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.write.RowDeltaCommitter;
import java.io.IOException;

/** Lets a test hold up or break sinks of this process at a moment of their life; {@link #close} lets go. */
public final class SinkHooks implements AutoCloseable {
    /** What happens at a moment. */
    @FunctionalInterface
    public interface Hook {
        /** @param identifier identifier of the delta, 0 for a fence */
        void run(String table, long identifier) throws InterruptedException;
    }

    /** How a committer comes to its table. */
    @FunctionalInterface
    public interface Opening {
        OpenTable open(TableAddress address) throws IOException;
    }

    private static final Hook NOTHING = (table, identifier) -> {};

    private volatile Hook beforeFence = NOTHING;
    private volatile Hook afterFence = NOTHING;
    private volatile Hook beforeCommit = NOTHING;
    private volatile Hook afterCommit = NOTHING;
    private volatile Opening openForCommits = TableAddress::open;
    private volatile Opening openForMaintenance = TableAddress::open;

    private volatile RowDeltaCommitter.Rules rules = RowDeltaCommitter.Rules.ALL;

    private SinkHooks() {}

    public static SinkHooks install() {
        SinkHooks hooks = new SinkHooks();
        SinkProbe.install(new SinkProbe() {
            @Override
            public void beforeFence(String table) throws InterruptedException {
                hooks.beforeFence.run(table, 0);
            }

            @Override
            public void afterFence(String table) throws InterruptedException {
                hooks.afterFence.run(table, 0);
            }

            @Override
            public void beforeCommit(String table, CommitDelta delta) throws InterruptedException {
                hooks.beforeCommit.run(table, delta.identity().identifier());
            }

            @Override
            public void afterCommit(String table, CommitDelta delta) throws InterruptedException {
                hooks.afterCommit.run(table, delta.identity().identifier());
            }

            @Override
            public RowDeltaCommitter.Rules rules() {
                return hooks.rules;
            }

            @Override
            public OpenTable openForCommits(TableAddress address) throws IOException {
                return hooks.openForCommits.open(address);
            }

            @Override
            public OpenTable openForMaintenance(TableAddress address) throws IOException {
                return hooks.openForMaintenance.open(address);
            }
        });
        return hooks;
    }

    public void beforeFence(Hook hook) {
        beforeFence = hook;
    }

    public void afterFence(Hook hook) {
        afterFence = hook;
    }

    public void beforeCommit(Hook hook) {
        beforeCommit = hook;
    }

    public void afterCommit(Hook hook) {
        afterCommit = hook;
    }

    /** Switches off a part of the rule that statements are published under. */
    public void rules(RowDeltaCommitter.Rules changed) {
        rules = changed;
    }

    public void openForCommits(Opening opening) {
        openForCommits = opening;
    }

    public void openForMaintenance(Opening opening) {
        openForMaintenance = opening;
    }

    @Override
    public void close() {
        SinkProbe.install(SinkProbe.NONE);
    }
}
