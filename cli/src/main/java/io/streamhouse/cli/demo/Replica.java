package io.streamhouse.cli.demo;

import io.streamhouse.spec.RowKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A copy of a keyed table that is kept from the table's changes alone, with count and hash at every commit.
 *
 * <p>Strict: a change that does not fit the row held (an insert of a key that is there, a before-image that differs in
 * one bit) is counted as a violation. All methods are safe from any thread.
 */
final class Replica {
    private final int keyColumns;
    private final Map<Key, byte[]> rows = new HashMap<>();
    private final RowHash hash = new RowHash();
    private final RowBytes bytes = new RowBytes();
    private final TreeMap<Long, Version> history = new TreeMap<>();
    private final ChangeCounts total = new ChangeCounts();
    private long[] ofCommit = new long[RowKind.values().length];
    private long commitId;
    private long violations;
    private String firstViolation = "none";

    /**
     * @param keyColumns number of leading columns that are the key
     */
    Replica(int keyColumns) {
        this.keyColumns = keyColumns;
    }

    /**
     * The table after one commit, and what the commit changed.
     *
     * @param digest count and hash
     * @param changes number of changes by {@link RowKind#code()}
     */
    record Version(TableDigest digest, long[] changes) {
        long count(RowKind kind) {
            return changes[kind.code()];
        }
    }

    /** Applies one change. Commits must not go back. */
    synchronized void apply(long commit, RowKind kind, Object[] row) {
        if (commit < commitId) {
            violate("change of commit %d after commit %d".formatted(commit, commitId));
        }
        if (commit != commitId) {
            closeCommit();
            ofCommit = new long[RowKind.values().length];
            commitId = commit;
        }
        int keyLength = bytes.encode(row, keyColumns);
        Key key = new Key(bytes.copy(), keyLength);
        if (kind.isRetraction()) {
            retract(kind, key, row);
        } else {
            put(kind, key, row);
        }
        ofCommit[kind.code()]++;
        total.add(kind);
    }

    /** The commit being applied counts as it is now; more of its changes may come. */
    private void closeCommit() {
        if (commitId > 0) {
            history.put(commitId, new Version(hash.digest(), ofCommit));
        }
    }

    private void retract(RowKind kind, Key key, Object[] row) {
        byte[] held = rows.get(key);
        if (held == null || !Arrays.equals(held, key.bytes)) {
            violate("%s%s at commit %d, but the replica holds %s of that key"
                    .formatted(kind.symbol(), Arrays.toString(row), commitId, held == null ? "no row" : "another row"));
        }
        if (held != null) {
            rows.remove(key);
            hash.remove(held, held.length);
        }
    }

    private void put(RowKind kind, Key key, Object[] row) {
        byte[] held = rows.remove(key);
        if (held != null) {
            violate("%s%s at commit %d, but the replica holds a row of that key"
                    .formatted(kind.symbol(), Arrays.toString(row), commitId));
            hash.remove(held, held.length);
        }
        rows.put(key, key.bytes);
        hash.add(key.bytes, key.bytes.length);
    }

    private void violate(String what) {
        if (violations == 0) {
            firstViolation = what;
        }
        violations++;
    }

    /** Newest commit of which a change was applied, 0 for none. */
    synchronized long commitId() {
        return commitId;
    }

    /** Count and hash of all rows now. */
    synchronized TableDigest digest() {
        return hash.digest();
    }

    /** Count and hash after a commit; that of the newest one before it if the commit changed nothing. */
    synchronized TableDigest digestAt(long commit) {
        closeCommit();
        Map.Entry<Long, Version> entry = history.floorEntry(commit);
        return entry == null ? new TableDigest(0, 0, 0) : entry.getValue().digest();
    }

    /** Every commit that changed something, oldest first. */
    synchronized void forEachVersion(BiConsumer<Long, Version> consumer) {
        closeCommit();
        history.forEach(consumer);
    }

    /** Changes of a kind so far. */
    long count(RowKind kind) {
        return total.count(kind);
    }

    /** Changes so far. */
    ChangeCounts counts() {
        return total;
    }

    synchronized long violations() {
        return violations;
    }

    synchronized String firstViolation() {
        return firstViolation;
    }

    /** Begins a comparison of the rows held with the rows of a table. */
    synchronized Comparison compare() {
        return new Comparison(new HashMap<>(rows));
    }

    /** Row by row: feed it the table's rows, then ask for the difference. */
    final class Comparison {
        private final Map<Key, byte[]> missing;
        private final RowBytes scratch = new RowBytes();
        private long different;

        private Comparison(Map<Key, byte[]> missing) {
            this.missing = missing;
        }

        void accept(Object[] row) {
            int keyLength = scratch.encode(row, keyColumns);
            Key key = new Key(scratch.copy(), keyLength);
            byte[] held = missing.remove(key);
            if (held == null || !Arrays.equals(held, key.bytes)) {
                different++;
            }
        }

        /** Rows that only one of the two has, or that differ. */
        long differences() {
            return different + missing.size();
        }
    }

    /** The leading bytes of an encoded row. */
    private static final class Key {
        private final byte[] bytes;
        private final int length;
        private final int hashCode;

        Key(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
            int h = 0;
            for (int i = 0; i < length; i++) {
                h = 31 * h + bytes[i];
            }
            hashCode = h ^ h >>> 15;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
        }

        @Override
        public int hashCode() {
            return hashCode;
        }
    }
}
