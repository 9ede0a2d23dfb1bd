package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.CheckedRange;
import io.streamhouse.storage.ForwardingObjectStore;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A connection that lets others act right before something is put if absent: between resolving and publishing. */
final class HookedObjectStore extends ForwardingObjectStore {
    /** Nobody. */
    static final Puts NOBODY = new Puts() {
        @Override
        public void before(String path) {}

        @Override
        public void after(String path, PutOutcome outcome) {}
    };

    /** Memory of a process; no object of a history is as large. */
    private static final int MEMORY = 64 << 20;

    private final Puts puts;
    private final Mutant mutant;

    /** Who is told of puts. */
    interface Puts {
        void before(String path);

        void after(String path, PutOutcome outcome);
    }

    /**
     * @param mutant of those whose rule is the store's: who puts if absent by looking first, who makes nothing lasting, who
     *     believes what was read, who takes memory for a range before looking how long the object is
     */
    HookedObjectStore(ObjectStore store, Puts puts, Mutant mutant) {
        super(store);
        this.mutant = mutant;
        this.puts = puts;
    }

    @Override
    public PutOutcome putIfAbsent(String path, byte[] bytes) throws IOException {
        boolean careless = mutant == Mutant.EXISTS_THEN_PUT;
        boolean existed = careless && size(path) >= 0;
        puts.before(path);
        PutOutcome outcome =
                existed ? PutOutcome.EXISTED : careless ? put(bytes, path) : super.putIfAbsent(path, bytes);
        puts.after(path, outcome);
        return outcome;
    }

    @Override
    public void makeLasting(String directory) throws IOException {
        if (mutant != Mutant.ACKNOWLEDGED_BY_LOOKING) {
            super.makeLasting(directory);
        }
    }

    @Override
    public byte[] read(String path) throws IOException {
        byte[] bytes = super.read(path);
        return mutant.believes(path) ? Forgery.record(bytes) : bytes;
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        if (mutant == Mutant.SIZES_NOT_CHECKED && length > MEMORY) {
            throw new AssertionError("out of memory: %d bytes for a range of %s, which has %d bytes"
                    .formatted(length, path, size(path)));
        }
        return super.read(path, offset, length);
    }

    @Override
    public List<byte[]> readChecked(String path, List<CheckedRange> ranges) throws IOException {
        if (!mutant.believes(path)) {
            return super.readChecked(path, ranges);
        }
        List<byte[]> out = new ArrayList<>();
        for (CheckedRange range : ranges) {
            out.add(Forgery.block(read(path, range.offset(), range.length())));
        }
        return out;
    }

    private PutOutcome put(byte[] bytes, String path) throws IOException {
        put(path, bytes);
        return PutOutcome.CREATED;
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
