package io.streamhouse.catalog;

import java.util.List;

/**
 * What one run of {@link OrphanCleaner} deleted, or would delete.
 *
 * @param groups one per kind of object, in the order of {@link OrphanKind}; kinds without orphans are left out
 * @param young orphans that were kept because they are not old enough
 * @param beforeMillis only what was changed last before this time was looked at, in milliseconds since the epoch
 */
public record CleaningReport(List<Group> groups, long young, long beforeMillis) {
    public CleaningReport {
        groups = List.copyOf(groups);
    }

    /**
     * Orphans of one kind.
     *
     * @param kind what they are
     * @param objects how many
     * @param bytes their lengths in all
     * @param first paths of the first few, ascending
     */
    public record Group(OrphanKind kind, long objects, long bytes, List<String> first) {
        public Group {
            first = List.copyOf(first);
        }
    }

    public long objects() {
        return groups.stream().mapToLong(Group::objects).sum();
    }

    public long bytes() {
        return groups.stream().mapToLong(Group::bytes).sum();
    }
}
