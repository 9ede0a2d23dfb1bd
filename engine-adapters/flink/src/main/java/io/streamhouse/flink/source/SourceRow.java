package io.streamhouse.flink.source;

import org.apache.flink.table.data.RowData;

/**
 * A row on its way from the fetcher to the task.
 *
 * @param row the row with its kind
 * @param rowsConsumed source rows of the split that are consumed once it is emitted
 */
record SourceRow(RowData row, long rowsConsumed) {}
