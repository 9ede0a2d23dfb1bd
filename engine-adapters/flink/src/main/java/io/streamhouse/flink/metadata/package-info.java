/** Tables about a table: its snapshots, files, partitions, buckets, compactions and options. */
package io.streamhouse.flink.metadata;
