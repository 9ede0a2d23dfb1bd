package io.streamhouse.testkit.simulation;

import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.ForwardingObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A connection that lets others act right before something is put if absent: between resolving and publishing. */
final class HookedObjectStore extends ForwardingObjectStore {
    private final Puts puts;
    private final Mutant mutant;

    /** Who is told of puts. */
    interface Puts {
        void before(String path);

        void after(String path, PutOutcome outcome);
    }

    /**
     * @param mutant of those whose rule is the store's: who puts if absent by looking first, who does not verify checksums
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
    public byte[] read(String path) throws IOException {
        byte[] bytes = super.read(path);
        return mutant == Mutant.CHECKSUM_NOT_VERIFIED && path.contains("/snapshot/") ? confirmed(bytes) : bytes;
    }

    /** A record whose second line confirms the first, whatever that is. */
    private static byte[] confirmed(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n') {
            length++;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        byte[] line = "\n{\"length\":%d,\"crc32c\":\"%08x\"}\n"
                .formatted(length, (int) crc.getValue())
                .getBytes(StandardCharsets.US_ASCII);
        byte[] out = Arrays.copyOf(bytes, length + line.length);
        System.arraycopy(line, 0, out, length, line.length);
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
