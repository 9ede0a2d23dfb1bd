package io.streamhouse.catalog;

import io.streamhouse.spec.codec.BoundaryCodec;
import io.streamhouse.spec.table.Boundary;
import io.streamhouse.storage.ObjectInfo;
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

    /** The newest boundary and its place in the chain. Asks the store every time. */
    Seen look() throws IOException {
        Seen found = seen.get();
        if (found.number < 0) {
            long listed = newestListed();
            found = new Seen(listed, listed == 0 ? Boundary.NONE : valueOf(listed));
        }
        while (store.size(path(found.number + 1)) >= 0) {
            long next = found.number + 1;
            found = new Seen(next, higher(found.value, valueOf(next)));
        }
        return seen.accumulateAndGet(found, Seen::further);
    }

    /** The newest boundary seen so far, without asking the store. */
    long known() {
        return seen.get().value.expiredThrough();
    }

    /** Publishes a boundary right after one that was seen; false if somebody else has published another there. */
    boolean publish(Seen after, Boundary next) throws IOException {
        if (!CreateOnce.create(store, path(after.number + 1), BoundaryCodec.write(next))) {
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

    private long newestListed() throws IOException {
        long newest = 0;
        for (ObjectInfo object : store.list(DIRECTORY)) {
            String name = object.path().substring(DIRECTORY.length() + 1);
            if (name.matches("[1-9][0-9]{0,17}")) {
                newest = Math.max(newest, Long.parseLong(name));
            }
        }
        return newest;
    }

    private Boundary valueOf(long number) throws IOException {
        return BoundaryCodec.read(store.read(path(number)), path(number));
    }
}
