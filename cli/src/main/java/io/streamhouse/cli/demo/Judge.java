package io.streamhouse.cli.demo;

import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import io.streamhouse.spec.RowKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Decides whether the tables, their history and their changelogs are what the input says they must be. */
final class Judge {
    private static final long POLL_NANOS = 500_000_000;
    private static final int SHOWN_DIFFERENCES = 10;

    private final Oracle oracle;
    private final TableReads reads;
    private final Proof proof;
    private final Narrator narrator;

    Judge(Oracle oracle, TableReads reads, Proof proof, Narrator narrator) {
        this.oracle = oracle;
        this.reads = reads;
        this.proof = proof;
        this.narrator = narrator;
    }

    /**
     * Waits until every layer equals its oracle, and writes one check a table.
     *
     * @param limit counted from now
     * @param quiescence ends the wait early: what differs then will not become equal
     * @param healthy asked again and again; false ends the wait without a comparison
     * @return true if all became equal in time
     */
    boolean awaitEqual(Duration limit, Quiescence quiescence, BooleanSupplier healthy) {
        long deadline = System.nanoTime() + limit.toNanos();
        Map<Layer, Map<String, TableDigest>> actual = new EnumMap<>(Layer.class);
        for (Layer layer : Layer.values()) {
            Map<String, TableDigest> expected = oracle.expected(layer);
            boolean equal = false;
            boolean last = false;
            while (!equal && !last) {
                if (!healthy.getAsBoolean()) {
                    return false;
                }
                last = quiescence.isReached() || System.nanoTime() > deadline;
                // counts cost one small file, hashes a whole scan
                if (countsEqual(expected) || last) {
                    actual.put(layer, oracle.actual(layer));
                    equal = expected.equals(actual.get(layer));
                }
                if (!equal) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
        }
        return compare("live", actual);
    }

    /** Compares all layers with their oracles once more and writes one check a table. */
    boolean compareStopped() {
        Map<Layer, Map<String, TableDigest>> actual = new EnumMap<>(Layer.class);
        for (Layer layer : Layer.values()) {
            actual.put(layer, oracle.actual(layer));
        }
        return compare("stopped", actual);
    }

    private boolean countsEqual(Map<String, TableDigest> expected) {
        return expected.entrySet().stream().allMatch(entry -> reads.latest(entry.getKey())
                .map(SnapshotFacts::rowCount)
                .equals(Optional.of(entry.getValue().rows())));
    }

    private boolean compare(String when, Map<Layer, Map<String, TableDigest>> actual) {
        boolean all = true;
        for (Layer layer : Layer.values()) {
            for (String table : layer.tables()) {
                TableDigest expected = oracle.expected(layer).get(table);
                if (!proof.check(
                        layer.name(),
                        table + ":" + when,
                        expected,
                        actual.get(layer).get(table))) {
                    all = false;
                    oracle.differences(layer, table, SHOWN_DIFFERENCES).forEach(narrator::add);
                }
            }
        }
        return all;
    }

    /** The replica's history, final state and counters against the table it follows. */
    void checkReplica(
            Layer layer,
            String table,
            Replica replica,
            long equalUpdates,
            Collection<Long> wantedSnapshots,
            long seed) {
        String name = layer.name();
        List<SnapshotFacts> snapshots = reads.snapshots(table);
        long last = snapshots.get(snapshots.size() - 1).id();
        proof.check(name, table + ":replica", oracle.expected(layer).get(table), replica.digest());
        checkRowByRow(name, table, replica, last);
        if (!proof.check(name, table + ":replica-violations", 0, replica.violations())) {
            narrator.add(replica.firstViolation());
        }
        proof.check(
                name, table + ":changes-U", replica.count(RowKind.UPDATE_AFTER), replica.count(RowKind.UPDATE_BEFORE));
        checkCounters(name, table, replica, equalUpdates, snapshots);
        checkTimeTravel(layer, table, replica, snapshots, wantedSnapshots, seed);
    }

    private void checkRowByRow(String layer, String table, Replica replica, long snapshot) {
        Replica.Comparison comparison = replica.compare();
        reads.rows(table, snapshot, comparison::accept);
        proof.check(layer, table + ":row-by-row-differences", 0, comparison.differences());
    }

    /**
     * What the subscriber counted against what the table counted, commit by commit. The table counts an update that
     * changes no column, the changelog leaves it out.
     */
    private void checkCounters(
            String layer, String table, Replica replica, long equalUpdates, List<SnapshotFacts> snapshots) {
        Map<Long, Replica.Version> versions = new TreeMap<>();
        replica.forEachVersion(versions::put);
        Replica.Version nothing = new Replica.Version(new TableDigest(0, 0, 0), new long[RowKind.values().length]);
        long rows = 0;
        long updated = 0;
        long wrong = 0;
        for (SnapshotFacts snapshot : snapshots) {
            Replica.Version seen = versions.getOrDefault(snapshot.id(), nothing);
            boolean right = seen.count(RowKind.INSERT) == snapshot.changed().inserted()
                    && seen.count(RowKind.DELETE) == snapshot.changed().deleted()
                    && seen.count(RowKind.UPDATE_AFTER) == seen.count(RowKind.UPDATE_BEFORE)
                    && seen.count(RowKind.UPDATE_AFTER) <= snapshot.changed().updated()
                    && snapshot.rowCount() - rows == seen.count(RowKind.INSERT) - seen.count(RowKind.DELETE);
            if (!right) {
                wrong++;
                narrator.add("snapshot %d of %s says %s, its subscriber saw %s"
                        .formatted(snapshot.id(), table, snapshot.changed(), Arrays.toString(seen.changes())));
            }
            rows = snapshot.rowCount();
            updated += snapshot.changed().updated();
        }
        proof.check(layer, table + ":commits-counted-otherwise", 0, wrong);
        proof.check(layer, table + ":updates", updated, replica.count(RowKind.UPDATE_AFTER) + equalUpdates);
        long net = replica.count(RowKind.INSERT) - replica.count(RowKind.DELETE);
        proof.check(layer, table + ":inserted-less-deleted", rows, net);
    }

    /** Every change of an ODS table must have reached the subscription that the publisher watches. */
    void checkCounts(String table, ChangeCounts seen) {
        ChangeCounts counted = new ChangeCounts();
        for (SnapshotFacts snapshot : reads.snapshots(table)) {
            counted.add(RowKind.INSERT, snapshot.changed().inserted());
            counted.add(RowKind.UPDATE_BEFORE, snapshot.changed().updated());
            counted.add(RowKind.UPDATE_AFTER, snapshot.changed().updated());
            counted.add(RowKind.DELETE, snapshot.changed().deleted());
        }
        // every event has another number, so no update is without a change
        proof.check(Layer.ODS.name(), table + ":changes", counted, seen);
    }

    private void checkTimeTravel(
            Layer layer,
            String table,
            Replica replica,
            List<SnapshotFacts> snapshots,
            Collection<Long> wanted,
            long seed) {
        List<Long> drawn =
                TimeTravel.draw(snapshots.stream().map(SnapshotFacts::id).toList(), wanted, seed);
        Map<Long, TableDigest> actual = layer == Layer.DWS ? oracle.at(table, drawn) : digestsByJava(table, drawn);
        List<Long> held = new ArrayList<>();
        for (long id : drawn) {
            if (proof.check(layer.name(), table + ":at-" + id, replica.digestAt(id), actual.get(id))) {
                held.add(id);
            }
        }
        proof.checkAtLeast(
                layer.name(), table + ":snapshots-compared", Math.min(TimeTravel.LEAST, snapshots.size()), held.size());
        held.retainAll(wanted);
        proof.check(layer.name(), table + ":snapshots-around-correction", List.copyOf(wanted), held);
    }

    /** The large table through the plain Java reader, the small one through SQL: both doors are shown. */
    private Map<Long, TableDigest> digestsByJava(String table, List<Long> snapshots) {
        Map<Long, TableDigest> digests = new LinkedHashMap<>();
        RowBytes bytes = new RowBytes();
        for (long id : snapshots) {
            RowHash hash = new RowHash();
            reads.rows(table, id, row -> {
                bytes.encode(row);
                hash.add(bytes.array(), bytes.length());
            });
            digests.put(id, hash.digest());
        }
        return digests;
    }

    /** Names of the tables that have a replica, by layer. */
    static Map<Layer, String> replicated() {
        Map<Layer, String> tables = new EnumMap<>(Layer.class);
        tables.put(Layer.DWD, Layers.DWD);
        tables.put(Layer.DWS, Layers.DWS);
        return tables;
    }

    /** Snapshots of a table that hold changes. */
    static List<SnapshotFacts> appends(List<SnapshotFacts> snapshots) {
        List<SnapshotFacts> appends = new ArrayList<>(snapshots);
        appends.removeIf(snapshot -> !snapshot.kind().equals("APPEND"));
        return appends;
    }
}
