package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code consumers/lease-<uuid>/<n>}: what readers of one table keep from expiring. Thread-safe.
 *
 * <p>A lease ends when both the expirer's clock and the commit time of the newest snapshot say so; a clock that is ahead
 * alone ends none.
 *
 * @see "spec/commit.md, section Leases"
 */
public final class Leases {
    /** Longest life of a lease that is not renewed. */
    public static final Duration MAX_DURATION = Duration.ofDays(7);

    /** How long after its end a lease still counts, for clocks that differ. */
    static final Duration TOLERANCE = Duration.ofMinutes(1);
    /** How long after its end the remains of a lease that was not given back are kept. */
    static final Duration REMAINS = Duration.ofDays(1);

    private static final String DIRECTORY = "consumers";
    private static final Pattern OBJECT =
            Pattern.compile(DIRECTORY + "/(lease-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([1-9][0-9]{0,17})");
    private static final int MAX_ROUNDS = 20;

    private final SnapshotChain chain;
    private final Components components;

    /**
     * A chain as a listing shows it.
     *
     * @param name its directory below {@code consumers/}
     * @param numbers numbers of its objects, ascending
     * @param newest what the newest says
     */
    record Chain(String name, List<Long> numbers, Lease newest) {
        /** Whether the lease counts at a time. */
        boolean isValid(long nowMillis) {
            return newest.validUntilMillis() > 0 && newest.validUntilMillis() + TOLERANCE.toMillis() >= nowMillis;
        }

        boolean isRemains(long nowMillis) {
            return newest.validUntilMillis() + REMAINS.toMillis() < nowMillis;
        }
    }

    Leases(SnapshotChain chain, Components components) {
        this.chain = chain;
        this.components = components;
    }

    /**
     * Keeps all snapshots from {@code oldestSnapshot} on, until the lease ends or is given back.
     *
     * @param oldestSnapshot oldest snapshot that is needed, 1 or more; one that does not exist yet is legal
     * @param duration life of the lease unless it is renewed, from 1 ms to {@link #MAX_DURATION}
     * @param owner who holds it, for people
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED}, naming the earliest that can be read, if the snapshot has
     *     expired before the lease stood; {@code NO_PERMISSION} where the warehouse may only be read
     */
    public LeaseHandle take(long oldestSnapshot, Duration duration, String owner) throws IOException {
        if (duration.toMillis() < 1 || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("lease of %s for %s".formatted(owner, duration));
        }
        String directory = DIRECTORY + "/lease-" + components.ids().next();
        LeaseHandle handle = new LeaseHandle(this, directory, duration, owner);
        handle.renew(oldestSnapshot);
        return handle;
    }

    ObjectStore store() {
        return components.store();
    }

    long clockMillis() {
        return components.clock().millis();
    }

    /** The end of a lease that begins now: no clock that the table has seen says that it is over. */
    long endMillis(Duration duration) throws IOException {
        long newest = chain.latest().map(Snapshot::timeMillis).orElse(0L);
        return Math.max(clockMillis(), newest) + duration.toMillis();
    }

    /** Only a lease that was written before the boundary passed its snapshot keeps anything. */
    void requireAboveBoundary(long oldestSnapshot) throws IOException {
        chain.requireReadable(oldestSnapshot);
    }

    /** The newest record of every chain. */
    List<Chain> read() throws IOException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Optional<List<Chain>> found = tryRead();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IOException("the leases of %s changed in each of %d looks"
                .formatted(components.store().uri(), MAX_ROUNDS));
    }

    /** Path of the newest record of every lease: those that expiry and cleaning have to read. */
    public List<String> newestRecords() throws IOException {
        List<String> out = new ArrayList<>();
        listed().forEach((name, numbers) ->
                out.add(newestOf(name, numbers.stream().sorted().toList())));
        return out;
    }

    private static String newestOf(String name, List<Long> ascending) {
        return DIRECTORY + "/" + name + "/" + ascending.get(ascending.size() - 1);
    }

    private TreeMap<String, List<Long>> listed() throws IOException {
        TreeMap<String, List<Long>> numbers = new TreeMap<>();
        for (ObjectInfo object : components.store().list(DIRECTORY)) {
            Matcher m = OBJECT.matcher(object.path());
            if (m.matches()) {
                numbers.computeIfAbsent(m.group(1), n -> new ArrayList<>()).add(Long.parseLong(m.group(2)));
            }
        }
        return numbers;
    }

    /** Empty if a lease was renewed or cleaned away between the listing and the read. */
    private Optional<List<Chain>> tryRead() throws IOException {
        TreeMap<String, List<Long>> numbers = listed();
        List<Chain> out = new ArrayList<>();
        for (String name : numbers.keySet()) {
            List<Long> ascending = numbers.get(name).stream().sorted().toList();
            String path = newestOf(name, ascending);
            try {
                out.add(new Chain(
                        name, ascending, LeaseCodec.read(components.store().read(path), path)));
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.MISSING_FILE) {
                    throw e;
                }
                return Optional.empty();
            }
        }
        return Optional.of(out);
    }

    /** Deletes what is left of ended leases and what renewed ones have left behind; the number of ended ones. */
    long clean(List<Chain> chains, long nowMillis) throws IOException {
        for (String path : remains(chains, nowMillis)) {
            components.store().delete(path);
        }
        return chains.stream().filter(chain -> chain.isRemains(nowMillis)).count();
    }

    /** Paths of what is left of ended leases and of what renewed ones have left behind. */
    static List<String> remains(List<Chain> chains, long nowMillis) {
        List<String> paths = new ArrayList<>();
        for (Chain chain : chains) {
            int kept = chain.isRemains(nowMillis) ? 0 : 1;
            for (long number : chain.numbers.subList(0, chain.numbers.size() - kept)) {
                paths.add(DIRECTORY + "/" + chain.name + "/" + number);
            }
        }
        return paths;
    }

    /** Directories that ended leases have left behind, where there are directories; the number that went. */
    long removeEmptyDirectories() throws IOException {
        long removed = 0;
        for (String name : components.store().listDirectories(DIRECTORY)) {
            removed += components.store().deleteEmptyDirectory(DIRECTORY + "/" + name) ? 1 : 0;
        }
        return removed;
    }
}
