package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ForwardingObjectStore;
import java.io.IOException;

/** A connection that lets others act right before something is put if absent: between resolving and publishing. */
final class HookedObjectStore extends ForwardingObjectStore {
    private final Puts puts;

    /** Who is told of puts. */
    interface Puts {
        void before(String path);

        void after(String path, PutOutcome outcome);
    }

    HookedObjectStore(ObjectStore store, Puts puts) {
        super(store);
        this.puts = puts;
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        puts.before(path);
        PutOutcome outcome = super.putIfAbsent(path, bytes);
        puts.after(path, outcome);
        return outcome;
    }

    @Override
    public String uri() {
        return "memory:///history"; // stores in memory are numbered, messages in traces are not to be
    }

    @Override
    public void close() {
        // the connection is closed by whoever opened it
    }
}
