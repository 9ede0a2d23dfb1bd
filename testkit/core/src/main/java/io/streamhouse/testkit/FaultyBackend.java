package io.streamhouse.testkit;

import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the connections to one faulty store share: the store behind, the decisions, the calls still under way. */
final class FaultyBackend {
    /** A call that the store got but has not done yet. */
    interface LateCall {
        void apply() throws IOException;
    }

    private static final class Late {
        private final Object caller;
        private final LateCall call;
        private int callsLeft;

        Late(Object caller, LateCall call, int callsLeft) {
            this.caller = caller;
            this.call = call;
            this.callsLeft = callsLeft;
        }
    }

    private final ObjectStore store;
    private final FaultPolicy policy;
    private final Map<Fault, Long> injected = new EnumMap<>(Fault.class);
    private final List<Late> underWay = new ArrayList<>();
    private final Map<String, List<ObjectInfo>> listings = new HashMap<>();
    private long calls;
    private long appliedUnanswered;
    private long trace = 0xcbf29ce484222325L;

    FaultyBackend(ObjectStore store, FaultPolicy policy) {
        this.store = store;
        this.policy = policy;
    }

    ObjectStore store() {
        return store;
    }

    /** The caller learns that an object stands: the one thing that a disk cannot know. */
    void answered(String path) {
        if (store instanceof UnsyncedObjectStore disk) {
            disk.answered(path);
        }
    }

    /** Counts a call, lets calls that are due reach the store, and decides the fate of this one. */
    Optional<Fault> arrive(StoreCall call, String path) throws IOException {
        List<Late> due = new ArrayList<>();
        Optional<Fault> fault;
        synchronized (this) {
            calls++;
            for (Iterator<Late> all = underWay.iterator(); all.hasNext(); ) {
                Late late = all.next();
                if (--late.callsLeft <= 0) {
                    all.remove();
                    due.add(late);
                }
            }
            fault = policy.next(call, path).filter(decided -> decided.fits(call));
            fault.ifPresent(decided -> injected.merge(decided, 1L, Long::sum));
            mix(call.ordinal());
            mix(path.hashCode());
            mix(fault.map(Fault::ordinal).orElse(-1));
        }
        for (Late late : due) {
            late.call.apply();
        }
        return fault;
    }

    synchronized void later(Object caller, LateCall call) {
        underWay.add(new Late(caller, call, policy.delayCalls()));
    }

    synchronized int underWay() {
        return underWay.size();
    }

    /** Calls of one caller that are under way get lost, or not; returns how many do. */
    synchronized int lose(Object caller, BooleanSupplier isLost) {
        int before = underWay.size();
        underWay.removeIf(late -> late.caller == caller && isLost.getAsBoolean());
        return before - underWay.size();
    }

    synchronized byte[] flipped(byte[] bytes) {
        if (bytes.length > 0) {
            int bit = policy.flippedBit(8 * bytes.length);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        return bytes;
    }

    /** A listing, or, if stale, the one before, unless that showed nothing. */
    synchronized List<ObjectInfo> listed(String directory, List<ObjectInfo> now, boolean stale) {
        List<ObjectInfo> before = listings.put(directory, now);
        return stale && before != null && !before.isEmpty() ? before : now;
    }

    synchronized void appliedUnanswered() {
        appliedUnanswered++;
    }

    /** Notes an outcome in the trace. */
    synchronized void note(int outcome) {
        mix(outcome);
    }

    /** Lets every call that is under way reach the store. */
    int settle() throws IOException {
        List<Late> due;
        synchronized (this) {
            due = new ArrayList<>(underWay);
            underWay.clear();
        }
        for (Late late : due) {
            late.call.apply();
        }
        return due.size();
    }

    synchronized FaultReport report() {
        return new FaultReport(calls, injected, appliedUnanswered);
    }

    synchronized long trace() {
        return trace;
    }

    // FNV-1a, a word at a time.
    private void mix(int value) {
        trace = (trace ^ value) * 0x100000001b3L;
    }
}
