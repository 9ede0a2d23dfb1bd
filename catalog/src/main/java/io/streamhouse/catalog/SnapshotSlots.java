package io.streamhouse.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** The objects {@code snapshot/<id>.json}. Thread-safe. */
final class SnapshotSlots {
    static final String DIRECTORY = "snapshot";
    private static final long CACHED_BYTES = 16L << 20;
    private static final int ID_DIGITS = 20;
    private static final String SUFFIX = ".json";
    private static final Pattern DIGITS = Pattern.compile("0[0-9]{19}");

    private final ObjectStore store;
    private final TableIdentity identity;
    private final SnapshotDecoder decoder;
    private final Cache<Long, Slot> cache = Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher((Long id, Slot slot) -> slot.sizeBytes())
            .executor(Runnable::run)
            .build();

    /**
     * A snapshot as it stands in its slot.
     *
     * @param snapshot the record
     * @param crc CRC-32C of its first line, which a child names
     * @param sizeBytes length of the object
     */
    record Slot(Snapshot snapshot, int crc, int sizeBytes) {
        long id() {
            return snapshot.id();
        }

        /** Whether it is this very snapshot, whatever else may have been put under its id. */
        boolean holds(Snapshot other) {
            return snapshot.header().commitUuid().equals(other.header().commitUuid());
        }
    }

    SnapshotSlots(ObjectStore store, TableIdentity identity, SnapshotDecoder decoder) {
        this.store = store;
        this.identity = identity;
        this.decoder = decoder;
    }

    static String path(long id) {
        String digits = Long.toString(id);
        return DIRECTORY + "/" + "0".repeat(ID_DIGITS - digits.length()) + digits + SUFFIX;
    }

    boolean exists(long id) throws IOException {
        return store.size(path(id)) >= 0;
    }

    /** Newest id that a listing shows, 0 for none. */
    long newestListed() throws IOException {
        return listed().max().orElse(0);
    }

    /** All ids that a listing shows, ascending. */
    LongStream listed() throws IOException {
        return store.list(DIRECTORY).stream().mapToLong(o -> idOf(o.path())).filter(id -> id > 0);
    }

    boolean delete(long id) throws IOException {
        return store.delete(path(id));
    }

    static long idOf(String path) {
        String name = path.substring(DIRECTORY.length() + 1);
        if (name.length() != ID_DIGITS + SUFFIX.length()
                || !name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
            return 0;
        }
        String digits = name.substring(0, ID_DIGITS);
        return DIGITS.matcher(digits).matches() ? Long.parseLong(digits) : 0;
    }

    /** What is remembered of a slot that was found to be part of the chain. */
    Optional<Slot> remembered(long id) {
        return Optional.ofNullable(cache.getIfPresent(id));
    }

    /** Only for slots above a boundary that was read after the slot; {@code CORRUPT_FILE} if it does not fit its neighbours. */
    void remember(Slot slot) {
        Slot parent = cache.getIfPresent(slot.id() - 1);
        if (parent != null) {
            checkLink(parent, slot);
        }
        Slot child = cache.getIfPresent(slot.id() + 1);
        if (child != null) {
            checkLink(slot, child);
        }
        cache.put(slot.id(), slot);
    }

    private static void checkLink(Slot parent, Slot child) {
        int named = child.snapshot.header().parentCrc();
        if (named != parent.crc) {
            throw StreamhouseException.corrupt(
                    path(child.id()),
                    "it names a parent with checksum %s, snapshot %d has %s"
                            .formatted(Checksums.hex(named), parent.id(), Checksums.hex(parent.crc)));
        }
    }

    /** Reads the slot, whatever the boundary; empty if there is no object, {@code CORRUPT_FILE} if it is another table's. */
    Optional<Slot> read(long id) throws IOException {
        Optional<Slot> slot = readOfAnyTable(id);
        slot.ifPresent(s -> identity.requireSnapshot(s.snapshot().header().table(), path(id)));
        return slot;
    }

    /** The same for who tells by the checksums of the chain what is part of it, below a boundary where strays may stand. */
    Optional<Slot> readOfAnyTable(long id) throws IOException {
        String path = path(id);
        byte[] bytes;
        try {
            bytes = store.read(path);
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                return Optional.empty();
            }
            throw e;
        }
        Slot slot = new Slot(decoder.decode(bytes, path), SnapshotCodec.crcOfFirstLine(bytes, path), bytes.length);
        if (slot.id() != id) {
            throw StreamhouseException.corrupt(path, "it holds snapshot %d".formatted(slot.id()));
        }
        return Optional.of(slot);
    }
}
