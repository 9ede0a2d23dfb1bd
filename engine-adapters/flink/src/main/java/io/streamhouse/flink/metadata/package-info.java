/** Tables about a table: its snapshots, files and options. */
package io.streamhouse.flink.metadata;
