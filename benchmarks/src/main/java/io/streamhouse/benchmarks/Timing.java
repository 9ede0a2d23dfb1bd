package io.streamhouse.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * One measured part.
 *
 * @param seconds wall time
 * @param cpuSeconds processor time of the whole process, compiler and collector included
 * @param rowCount rows that went through
 */
record Timing(double seconds, double cpuSeconds, long rowCount) {
    /** A clock that runs. */
    record Start(long nanos, long cpuNanos) {
        Timing end(long rowCount) {
            return new Timing((System.nanoTime() - nanos) / 1e9, (Timing.cpuNanos() - cpuNanos) / 1e9, rowCount);
        }
    }

    static Start start() {
        return new Start(System.nanoTime(), cpuNanos());
    }

    double rowsPerSecond() {
        return rowCount / seconds;
    }

    double cpuMicrosPerRow() {
        return cpuSeconds * 1e6 / rowCount;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%,12.0f rows/s  %6.3f us CPU/row  %7.3f s", rowsPerSecond(), cpuMicrosPerRow(), seconds);
    }
}
