/** Rows at the engine's edge: Flink's rows as the writer reads them, and column batches as Flink reads them. */
package io.streamhouse.flink.row;
