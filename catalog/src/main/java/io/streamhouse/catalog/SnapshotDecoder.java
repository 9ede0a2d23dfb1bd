package io.streamhouse.catalog;

import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.Snapshot;

/** Makes a snapshot of the bytes of its object. Thread-safe if the chain is used by several threads. */
@FunctionalInterface
public interface SnapshotDecoder {
    /** The format's. */
    SnapshotDecoder CODEC = SnapshotCodec::read;

    /**
     * Decodes all bytes; the same bytes give equal snapshots.
     *
     * @param path of the object, for errors
     * @throws io.streamhouse.spec.StreamhouseException {@code CORRUPT_FILE}, {@code UNKNOWN_VERSION}
     */
    Snapshot decode(byte[] bytes, String path);
}
