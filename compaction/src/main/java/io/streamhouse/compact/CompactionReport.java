package io.streamhouse.compact;

/**
 * What a compactor has done.
 *
 * @param published compactions published
 * @param lost compactions that lost all their races
 * @param gaveUp compactions whose inputs went
 * @param bytesRead bytes of the inputs of published ones
 * @param bytesWritten bytes of their outputs
 * @param translatedPositions positions masked beside them and translated
 */
public record CompactionReport(
        int published, int lost, int gaveUp, long bytesRead, long bytesWritten, long translatedPositions) {
    public static final CompactionReport NONE = new CompactionReport(0, 0, 0, 0, 0, 0);

    /** The sum with one more outcome. */
    public CompactionReport plus(CompactionResult result, CompactionOutcome outcome) {
        if (outcome instanceof CompactionOutcome.Published p) {
            return new CompactionReport(
                    published + 1,
                    lost,
                    gaveUp,
                    bytesRead + result.compaction().sizeBytes(),
                    bytesWritten + result.sizeBytes(),
                    translatedPositions + p.translatedPositions());
        }
        boolean isLost = outcome instanceof CompactionOutcome.Lost;
        return new CompactionReport(
                published,
                lost + (isLost ? 1 : 0),
                gaveUp + (isLost ? 0 : 1),
                bytesRead,
                bytesWritten,
                translatedPositions);
    }
}
