package io.streamhouse.testkit.simulation.soak;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * One look at the table and its processes.
 *
 * @param second since the beginning
 * @param liveFiles data files of the newest snapshot
 * @param liveBytes their bytes
 * @param filesOnDisk objects of the warehouse, whoever still needs them
 * @param bytesOnDisk their bytes
 * @param snapshotBytes size of the newest snapshot's object
 * @param manifests manifests of the newest snapshot
 * @param snapshotsKept snapshots that can be read
 * @param oldestSeconds age of the oldest of them, seen from the newest
 * @param commits rounds committed
 * @param published compactions published
 * @param lost compactions that lost their races or their inputs
 * @param kills kills so far
 * @param lag snapshots that the killed subscriber has not delivered yet
 * @param residentBytes resident memory of all processes
 * @param steadyHeapBytes heap after collection of the processes that are never killed
 * @param wrong wrong answers so far
 */
record SoakSample(
        long second,
        long liveFiles,
        long liveBytes,
        long filesOnDisk,
        long bytesOnDisk,
        long snapshotBytes,
        long manifests,
        long snapshotsKept,
        long oldestSeconds,
        long commits,
        long published,
        long lost,
        long kills,
        long lag,
        long residentBytes,
        long steadyHeapBytes,
        long wrong) {

    /** A column of the table of samples. */
    enum Column {
        SECOND("second", SoakSample::second),
        LIVE_FILES("live files", SoakSample::liveFiles),
        LIVE_KIB("live KiB", s -> s.liveBytes() >> 10),
        FILES_ON_DISK("files on disk", SoakSample::filesOnDisk),
        DISK_KIB("disk KiB", s -> s.bytesOnDisk() >> 10),
        SNAPSHOT_BYTES("snapshot bytes", SoakSample::snapshotBytes),
        MANIFESTS("manifests", SoakSample::manifests),
        SNAPSHOTS_KEPT("snapshots kept", SoakSample::snapshotsKept),
        OLDEST_SECONDS("oldest kept (s)", SoakSample::oldestSeconds),
        FILES_PER_100_KEPT("files/100 kept", s -> 100 * s.filesOnDisk() / Math.max(1, s.snapshotsKept())),
        COMMITS("commits", SoakSample::commits),
        PUBLISHED("compactions", SoakSample::published),
        LOST("compactions lost", SoakSample::lost),
        KILLS("kills", SoakSample::kills),
        LAG("subscriber lag", SoakSample::lag),
        RESIDENT_MIB("RSS MiB", s -> s.residentBytes() >> 20),
        STEADY_HEAP_KIB("steady heap KiB", s -> s.steadyHeapBytes() >> 10),
        WRONG("wrong", SoakSample::wrong);

        private final String title;
        private final ToLongFunction<SoakSample> value;

        Column(String title, ToLongFunction<SoakSample> value) {
            this.title = title;
            this.value = value;
        }

        String title() {
            return title;
        }

        long of(SoakSample sample) {
            return value.applyAsLong(sample);
        }

        /** Median over some samples. */
        long median(List<SoakSample> samples) {
            long[] values = samples.stream().mapToLong(this::of).sorted().toArray();
            return values.length == 0 ? 0 : values[values.length / 2];
        }
    }
}
