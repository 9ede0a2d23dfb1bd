package io.streamhouse.spec.table;

import io.streamhouse.spec.key.KeyDigest;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One committed version of a table.
 *
 * @param header place in the chain
 * @param author who committed: user and identifier; empty user and 0 for COMPACT
 * @param commits commit map after this commit
 * @param tree what the table consists of
 * @param change what this commit changed
 * @param totals rows, digest, next row id
 * @param cleaned what cleaning may have taken; never less than the parent's
 * @param properties free properties
 */
public record Snapshot(
        SnapshotHeader header,
        Author author,
        CommitMap commits,
        TreeRefs tree,
        CommitChange change,
        Totals totals,
        Cleaned cleaned,
        Map<String, String> properties) {
    public Snapshot {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(commits, "commits");
        Objects.requireNonNull(tree, "tree");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(totals, "totals");
        Objects.requireNonNull(cleaned, "cleaned");
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    public long id() {
        return header.id();
    }

    public SnapshotKind kind() {
        return header.kind();
    }

    public long timeMillis() {
        return header.timeMillis();
    }

    /**
     * Who committed.
     *
     * @param user commit user
     * @param identifier checkpoint id or statement-chosen number
     */
    public record Author(String user, long identifier) {
        public static final Author NOBODY = new Author("", 0);
    }

    /**
     * Sums over the whole table.
     *
     * @param rowCount visible rows
     * @param digest digest of the visible keys; zero in a table without key
     * @param nextRowId next free row id
     */
    public record Totals(long rowCount, KeyDigest digest, long nextRowId) {
        public static final Totals ZERO = new Totals(0, KeyDigest.ZERO, 0);
    }
}
