package io.streamhouse.catalog;

/**
 * What one run of {@link SnapshotExpiry} did.
 *
 * @param boundary newest expired snapshot id after the run, 0 for none
 * @param expired snapshots that this run let go: they cannot be read any more, their objects go in a later run
 * @param snapshots records of expired snapshots that were deleted
 * @param objects other objects that were deleted: data files, manifests, masks, blocks
 * @param strays records deleted that a stalled publisher had put at or below the boundary
 * @param leases ended leases that were cleaned away
 */
public record ExpiryReport(long boundary, long expired, long snapshots, long objects, long strays, long leases) {
    public static final ExpiryReport NOTHING = new ExpiryReport(0, 0, 0, 0, 0, 0);

    /** Whether anything was expired or deleted. */
    public boolean isIdle() {
        return expired + snapshots + objects + strays + leases == 0;
    }

    /** Sums of two runs, the later boundary. */
    public ExpiryReport plus(ExpiryReport later) {
        return new ExpiryReport(
                Math.max(boundary, later.boundary),
                expired + later.expired,
                snapshots + later.snapshots,
                objects + later.objects,
                strays + later.strays,
                leases + later.leases);
    }
}
