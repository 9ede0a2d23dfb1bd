package io.streamhouse.cli.demo;

import io.streamhouse.spec.RowKind;
import java.util.concurrent.atomic.AtomicLongArray;

/** Changes of a subscription by kind. One thread counts, any thread reads. */
final class ChangeCounts {
    private final AtomicLongArray counts = new AtomicLongArray(RowKind.values().length);

    void add(RowKind kind) {
        counts.incrementAndGet(kind.code());
    }

    void add(RowKind kind, long count) {
        counts.addAndGet(kind.code(), count);
    }

    long count(RowKind kind) {
        return counts.get(kind.code());
    }

    long total() {
        long total = 0;
        for (RowKind kind : RowKind.values()) {
            total += count(kind);
        }
        return total;
    }

    /** Such as {@code +I:10,-U:3,+U:3,-D:1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (RowKind kind : RowKind.values()) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(kind.symbol())
                    .append(':')
                    .append(count(kind));
        }
        return text.toString();
    }
}
