package io.streamhouse.cli;

import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** What all commands know that look at a table as of one snapshot. */
final class SnapshotOption {
    @Option(names = "--snapshot", paramLabel = "N", description = "At this snapshot (default: the newest).")
    private Long snapshot;

    /** Empty for the newest. */
    OptionalLong id() {
        return snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot);
    }
}
