package io.streamhouse.spec.table;

import java.util.List;
import java.util.UUID;

/**
 * The part of the tree that stands in the snapshot itself.
 *
 * @param entries file entries that are in no manifest yet; one of the same file overrides a manifest's
 * @param removed files whose manifest entries are dead
 */
public record Tail(List<FileEntry> entries, List<UUID> removed) {
    public static final Tail EMPTY = new Tail(List.of(), List.of());

    public Tail {
        entries = List.copyOf(entries);
        removed = List.copyOf(removed);
    }
}
