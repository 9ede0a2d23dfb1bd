package io.streamhouse.spec.table;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The writers' deltas of one checkpoint under one identity: what an engine carries to its committer.
 *
 * @param identity who commits
 * @param watermark event-time watermark in milliseconds, if known
 * @param parts writers' deltas, ascending by writer; not empty
 */
public record CommitDelta(DeltaIdentity identity, OptionalLong watermark, List<TableDelta> parts) {
    public CommitDelta {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(watermark, "watermark");
        parts = List.copyOf(parts);
    }
}
