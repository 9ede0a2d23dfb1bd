package io.streamhouse.testkit;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What passed through a {@link CountingObjectStore}.
 *
 * @param puts objects that came to stand, by kind: put, created by putIfAbsent, committed streams
 * @param reads reads that returned bytes, whole or ranged, by kind
 * @param inquiries calls of size, list, listDirectories and makeLasting
 * @param deletes objects deleted one by one
 * @param lostRaces answers EXISTED
 * @param unknowns answers UNKNOWN
 */
public record StoreCounts(
        SortedMap<String, Traffic> puts,
        SortedMap<String, Traffic> reads,
        long inquiries,
        long deletes,
        long lostRaces,
        long unknowns) {
    /**
     * Calls of one kind.
     *
     * @param count number of calls
     * @param bytes sum of their bytes
     */
    public record Traffic(long count, long bytes) {
        static final Traffic NONE = new Traffic(0, 0);

        Traffic plus(Traffic other) {
            return new Traffic(count + other.count, bytes + other.bytes);
        }

        Traffic minus(Traffic other) {
            return new Traffic(count - other.count, bytes - other.bytes);
        }
    }

    public StoreCounts {
        puts = Collections.unmodifiableSortedMap(new TreeMap<>(puts));
        reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
    }

    /** Objects of a kind that came to stand. */
    public long puts(String kind) {
        return puts.getOrDefault(kind, Traffic.NONE).count();
    }

    /** Objects of all kinds that came to stand. */
    public long putCount() {
        return puts.values().stream().mapToLong(Traffic::count).sum();
    }

    public long putBytes() {
        return puts.values().stream().mapToLong(Traffic::bytes).sum();
    }

    /** Reads of a kind. */
    public long reads(String kind) {
        return reads.getOrDefault(kind, Traffic.NONE).count();
    }

    /** Reads of all kinds. */
    public long readCount() {
        return reads.values().stream().mapToLong(Traffic::count).sum();
    }

    public long readBytes() {
        return reads.values().stream().mapToLong(Traffic::bytes).sum();
    }

    /** What came after an earlier count of the same store. */
    public StoreCounts since(StoreCounts earlier) {
        return new StoreCounts(
                difference(puts, earlier.puts),
                difference(reads, earlier.reads),
                inquiries - earlier.inquiries,
                deletes - earlier.deletes,
                lostRaces - earlier.lostRaces,
                unknowns - earlier.unknowns);
    }

    private static SortedMap<String, Traffic> difference(Map<String, Traffic> later, Map<String, Traffic> earlier) {
        SortedMap<String, Traffic> difference = new TreeMap<>();
        later.forEach((kind, traffic) -> {
            Traffic more = traffic.minus(earlier.getOrDefault(kind, Traffic.NONE));
            if (more.count() > 0) {
                difference.put(kind, more);
            }
        });
        return difference;
    }
}
