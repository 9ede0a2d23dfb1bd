package io.streamhouse.read;

import io.streamhouse.read.rows.ReadCounts;

/**
 * What reading cost.
 *
 * @param filesOpened ranges of files that were opened
 * @param rowGroupsRead row groups of which column chunks were asked for, once per set of columns
 * @param rowsRead rows of which at least one column was decoded in order
 * @param rowsFetched rows fetched by position
 * @param rowsDelivered rows that passed mask and filter
 * @param filesSkipped files left unopened because of statistics
 */
public record ScanCounts(
        long filesOpened, long rowGroupsRead, long rowsRead, long rowsFetched, long rowsDelivered, long filesSkipped) {
    static ScanCounts of(ReadCounts counts) {
        return new ScanCounts(
                counts.filesOpened,
                counts.rowGroupsRead,
                counts.rowsRead,
                counts.rowsFetched,
                counts.rowsDelivered,
                counts.filesSkipped);
    }
}
