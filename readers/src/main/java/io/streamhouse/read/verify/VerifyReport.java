package io.streamhouse.read.verify;

import java.util.List;

/**
 * What a verification has looked at and found.
 *
 * @param first first snapshot verified, 0 for a table without snapshots
 * @param last last snapshot verified
 * @param files data files that were looked at
 * @param bytes their lengths
 * @param rows visible rows of the last snapshot, counted in the data
 * @param changes rows of the changelog that was folded
 * @param dataCompared false if findings in objects left no sense in comparing rows
 * @param findings in the order of their snapshots; empty if all is sound
 */
public record VerifyReport(
        long first,
        long last,
        long files,
        long bytes,
        long rows,
        long changes,
        boolean dataCompared,
        List<Finding> findings) {
    public VerifyReport {
        findings = List.copyOf(findings);
    }

    public boolean isSound() {
        return findings.isEmpty();
    }
}
