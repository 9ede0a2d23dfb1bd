package io.streamhouse.catalog;

import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code boundary/<n>}: up to which snapshot id slots may be empty, missing or filled again by a stalled publisher. A
 * chain of put-if-absent objects from 1, dense; values only grow. Thread-safe.
 *
 * @see "spec/commit.md, section Boundary"
 */
final class BoundaryChain {
    private static final String DIRECTORY = "boundary";

    private final ObjectStore store;
    private final AtomicReference<Seen> seen = new AtomicReference<>(Seen.NOTHING);

    /**
     * How far the chain was followed.
     *
     * @param number newest object, 0 for none, below 0 if nobody has asked yet
     * @param value the highest boundary up to that object
     */
    record Seen(long number, Boundary value) {
        static final Seen NOTHING = new Seen(-1, Boundary.NONE);

        Seen further(Seen other) {
            return other.number > number ? other : this;
        }
    }

    BoundaryChain(ObjectStore store) {
        this.store = store;
    }

    /** Snapshots with an id up to this are expired; 0 for none. Asks the store every time. */
    long newest() throws IOException {
        return look().value.expiredThrough();
    }

    /**
     * The newest boundary and its place in the chain. Asks the store every time; a long chain costs a few probes, since
     * values never fall and those in between need not be read.
     */
    Seen look() throws IOException {
        Seen found = seen.get();
        long from = Math.max(0, found.number);
        long newest = DenseRun.last(from, number -> store.size(path(number)) >= 0);
        if (newest > from) {
            found = new Seen(newest, higher(found.value, valueOf(newest)));
        } else if (found.number < 0) {
            found = new Seen(0, Boundary.NONE);
        }
        return seen.accumulateAndGet(found, Seen::further);
    }

    /** For who deletes what somebody else's boundary lets go: what was deleted must not come back within reach. */
    void makeLasting() throws IOException {
        store.makeLasting(DIRECTORY);
    }

    /** The newest boundary seen so far, without asking the store. */
    long known() {
        return seen.get().value.expiredThrough();
    }

    /**
     * Publishes a boundary right after one that was seen; false if somebody else has published another there. The
     * snapshots that it leaves are made lasting first: it must not outlast them.
     */
    boolean publish(Seen after, Boundary next) throws IOException {
        String path = path(after.number + 1);
        store.makeLasting(SnapshotSlots.DIRECTORY);
        if (!CreateOnce.create(store, path, BoundaryCodec.write(next, path))) {
            return false;
        }
        seen.accumulateAndGet(new Seen(after.number + 1, higher(after.value, next)), Seen::further);
        return true;
    }

    /** Of equal ones the later: its time is the one to wait for. */
    private static Boundary higher(Boundary older, Boundary newer) {
        return newer.expiredThrough() >= older.expiredThrough() ? newer : older;
    }

    static String path(long number) {
        return DIRECTORY + "/" + number;
    }

    private Boundary valueOf(long number) throws IOException {
        return BoundaryCodec.read(store.read(path(number)), path(number));
    }
}
