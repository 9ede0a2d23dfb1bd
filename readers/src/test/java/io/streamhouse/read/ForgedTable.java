package io.streamhouse.read;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotHeader;
import io.streamhouse.spec.table.Tail;
import io.streamhouse.spec.table.TreeRefs;
import io.streamhouse.storage.ScopedObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Snapshots written otherwise than any writer would, with right checksums all along the chain. */
final class ForgedTable {
    private final ScopedObjectStore store;

    ForgedTable(TestTable t) {
        this.store = new ScopedObjectStore(t.bytes, "shop.db/orders");
    }

    Snapshot snapshot(long id) throws IOException {
        String path = SnapshotChain.objectPath(id);
        return SnapshotCodec.read(store.read(path), path);
    }

    long head() throws IOException {
        return store.list("snapshot").stream()
                .flatMapToLong(o -> SnapshotChain.idOfObject(o.path()).stream())
                .max()
                .orElseThrow();
    }

    /** Puts another record in the place of a snapshot, and lets all after it name the right parents. */
    void forge(long id, UnaryOperator<Snapshot> change) throws IOException {
        long head = head();
        byte[] bytes = SnapshotCodec.write(change.apply(snapshot(id)));
        store.put(SnapshotChain.objectPath(id), bytes);
        for (long child = id + 1; child <= head; child++) {
            Snapshot s = snapshot(child);
            SnapshotHeader h = s.header();
            SnapshotHeader renamed = new SnapshotHeader(
                    h.id(),
                    h.parentId(),
                    SnapshotCodec.crcOfFirstLine(bytes),
                    h.commitUuid(),
                    h.kind(),
                    h.schemaId(),
                    h.timeMillis(),
                    h.table());
            bytes = SnapshotCodec.write(new Snapshot(
                    renamed, s.author(), s.commits(), s.tree(), s.change(), s.totals(), s.cleaned(), s.properties()));
            store.put(SnapshotChain.objectPath(child), bytes);
        }
    }

    static Snapshot with(Snapshot s, Snapshot.Totals totals) {
        return new Snapshot(
                s.header(), s.author(), s.commits(), s.tree(), s.change(), totals, s.cleaned(), s.properties());
    }

    static Snapshot with(Snapshot s, Cleaned cleaned) {
        return new Snapshot(
                s.header(), s.author(), s.commits(), s.tree(), s.change(), s.totals(), cleaned, s.properties());
    }

    static Snapshot with(Snapshot s, TreeRefs tree) {
        return new Snapshot(
                s.header(), s.author(), s.commits(), tree, s.change(), s.totals(), s.cleaned(), s.properties());
    }

    static Snapshot withSegments(Snapshot s, List<SegmentRef> segments) {
        TreeRefs tree = s.tree();
        return with(s, new TreeRefs(tree.manifests(), segments, tree.tail(), tree.lastRemovalIn()));
    }

    static Snapshot withTail(Snapshot s, UnaryOperator<FileEntry> change) {
        TreeRefs tree = s.tree();
        Tail tail = new Tail(
                tree.tail().entries().stream().map(change).toList(), tree.tail().removed());
        return with(s, new TreeRefs(tree.manifests(), tree.segments(), tail, tree.lastRemovalIn()));
    }

    /** Totals with some rows more, of BIGINT keys. */
    static Snapshot plus(Snapshot s, long rows, long... keys) {
        KeyDigestSum sum = new KeyDigestSum();
        for (long key : keys) {
            sum.add(key);
        }
        KeyDigest digest = s.totals().digest().plus(sum.digest());
        return with(
                s,
                new Snapshot.Totals(
                        s.totals().rowCount() + rows, digest, s.totals().nextRowId()));
    }
}
