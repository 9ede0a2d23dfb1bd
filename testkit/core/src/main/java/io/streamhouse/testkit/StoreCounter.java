package io.streamhouse.testkit;

import java.util.TreeMap;

/** The changing side of {@link StoreCounts}. */
final class StoreCounter {
    private final TreeMap<String, StoreCounts.Traffic> puts = new TreeMap<>();
    private final TreeMap<String, StoreCounts.Traffic> reads = new TreeMap<>();
    private long inquiries;
    private long deletes;
    private long lostRaces;
    private long unknowns;

    synchronized void put(String kind, long bytes) {
        puts.merge(kind, new StoreCounts.Traffic(1, bytes), StoreCounts.Traffic::plus);
    }

    synchronized void read(String kind, long bytes) {
        reads.merge(kind, new StoreCounts.Traffic(1, bytes), StoreCounts.Traffic::plus);
    }

    synchronized void inquiry() {
        inquiries++;
    }

    synchronized void delete() {
        deletes++;
    }

    synchronized void lostRace() {
        lostRaces++;
    }

    synchronized void unknown() {
        unknowns++;
    }

    synchronized StoreCounts counts() {
        return new StoreCounts(puts, reads, inquiries, deletes, lostRaces, unknowns);
    }
}
