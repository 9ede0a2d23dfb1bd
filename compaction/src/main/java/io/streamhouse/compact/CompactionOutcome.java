package io.streamhouse.compact;

/** How an attempt to publish a compaction ended. */
public sealed interface CompactionOutcome {
    /**
     * The outputs are in the table.
     *
     * @param snapshot a snapshot that holds them
     * @param translatedPositions positions masked in the inputs since the base, masked in the outputs now
     */
    record Published(long snapshot, long translatedPositions) implements CompactionOutcome {}

    /**
     * Others were faster every time; the result can be published later, or discarded.
     *
     * @param tries races lost
     */
    record Lost(int tries) implements CompactionOutcome {}

    /**
     * An input is no longer what it was, so the work is void; its outputs are deleted, if it is certain that they never
     * got into the table.
     *
     * @param message which input, and what became of it
     */
    record GaveUp(String message) implements CompactionOutcome {}
}
