package io.streamhouse.flink.source;

import io.streamhouse.catalog.LeaseHandle;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * The enumerator of a scan that belongs to an UPDATE or DELETE: it holds a lease on the statement's snapshot.
 *
 * <p>It is the one part of the job that lives from before the first read until after the commit: Flink closes it with the
 * job. The lease is taken before splits are planned, renewed at half its life, and given back at the end; one that nobody
 * gives back ends by itself. A restarted job takes a new one.
 */
final class PinnedEnumerator implements SplitEnumerator<TableSplit, EnumeratorState> {
    /** Life of the lease; long enough for a JobManager that is replaced. */
    static final Duration LEASE = Duration.ofMinutes(10);

    private static final int LOOKS_PER_LEASE = 8;

    private final SplitEnumeratorContext<TableSplit> context;
    private final SplitEnumerator<TableSplit, EnumeratorState> scan;
    private final TableAddress address;
    private final StatementPin pin;
    private final Duration life;

    private OpenTable open;
    private LeaseHandle lease;
    private boolean closed;
    private int failures;

    PinnedEnumerator(
            SplitEnumeratorContext<TableSplit> context,
            SplitEnumerator<TableSplit, EnumeratorState> scan,
            TableAddress address,
            StatementPin pin,
            Duration life) {
        this.context = context;
        this.scan = scan;
        this.address = address;
        this.pin = pin;
        this.life = life;
    }

    @Override
    public void start() {
        if (pin.snapshotId() > 0) {
            long look = life.toMillis() / LOOKS_PER_LEASE;
            // one thread works all calls off in order, so the lease stands before splits are planned
            context.callAsync(this::keep, PinnedEnumerator::check);
            context.callAsync(this::keep, PinnedEnumerator::check, look, look);
        }
        scan.start();
    }

    /** Called on the worker; closing comes from the coordinator's thread. */
    private synchronized Void keep() throws IOException {
        if (closed) {
            return null;
        }
        if (lease == null) {
            open = address.open();
            lease = open.table().leases().take(pin.snapshotId(), life, pin.owner());
        } else {
            renew();
        }
        return null;
    }

    /** It is due at half of its life: a store that is away for a moment is asked again at the next looks. */
    private void renew() throws IOException {
        try {
            lease.renewIfDue(pin.snapshotId());
            failures = 0;
        } catch (IOException e) {
            failures++;
            if (failures > LOOKS_PER_LEASE / 4) {
                throw e;
            }
        }
    }

    private static void check(Void kept, Throwable error) {
        if (error != null) {
            throw error instanceof StreamhouseException s
                    ? new FlinkRuntimeException(TaskErrors.of(s))
                    : new FlinkRuntimeException("the lease on the statement's snapshot could not be kept", error);
        }
    }

    @Override
    public void handleSplitRequest(int reader, String host) {
        scan.handleSplitRequest(reader, host);
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int reader) {
        scan.addSplitsBack(splits, reader);
    }

    @Override
    public void addReader(int reader) {
        scan.addReader(reader);
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) throws Exception {
        return scan.snapshotState(checkpoint);
    }

    @Override
    public void close() throws IOException {
        try {
            scan.close();
        } finally {
            release();
        }
    }

    private synchronized void release() throws IOException {
        closed = true;
        if (open == null) {
            return;
        }
        try (OpenTable closing = open) {
            if (lease != null && closing.table() != null) {
                lease.close();
            }
        }
    }
}
