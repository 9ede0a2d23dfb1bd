package io.streamhouse.read.rows;

import io.streamhouse.log.ChangeBatch;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.Sabotage;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The fault {@code drop-change} of the demo: one change in a thousand of the process is never delivered. Does nothing
 * otherwise. A -U is never the one: who keeps rows by key would not miss it. A single one would not do: a later change of
 * the same key heals many a loss.
 */
public final class LostChange {
    /** One change of so many gets lost. */
    private static final long INTERVAL = 1_000;

    private static final AtomicLong DELIVERED = new AtomicLong();

    private LostChange() {}

    /** The batch without the change that gets lost; it may be empty then. */
    public static ChangeBatch apply(ChangeBatch batch) {
        if (!Sabotage.DROP_CHANGE.isActive()) {
            return batch;
        }
        long before = DELIVERED.getAndAdd(batch.rowCount());
        long due = INTERVAL - 1 - before % INTERVAL;
        for (int i = (int) Math.min(batch.rowCount(), due); i < batch.rowCount(); i++) {
            if (batch.kinds()[i] != RowKind.UPDATE_BEFORE.code()) {
                return without(batch, i);
            }
        }
        return batch;
    }

    static ChangeBatch without(ChangeBatch batch, int lost) {
        int rest = batch.rowCount() - 1;
        int[] kept = new int[rest];
        byte[] kinds = Arrays.copyOf(batch.kinds(), rest);
        long[] consumed = Arrays.copyOf(batch.rowsConsumed(), rest);
        for (int i = 0; i < rest; i++) {
            kept[i] = i < lost ? i : i + 1;
            kinds[i] = batch.kinds()[kept[i]];
            consumed[i] = batch.rowsConsumed()[kept[i]];
        }
        return new ChangeBatch(
                batch.rows().gather(kept, 0, rest), kinds, consumed, batch.commit(), batch.lastOfCommit());
    }
}
