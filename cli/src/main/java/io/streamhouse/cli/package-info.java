/**
 * The {@code ./streamhouse} command: demo, sql and query in one process with an embedded Flink cluster, all else
 * without.
 *
 * <p>{@link io.streamhouse.cli.Main} is the door. Children: {@code cluster} (Flink in this JVM), {@code sql} (the SQL
 * client and scripts), {@code failure} (errors as users read them), {@code ops} (what operators ask of
 * a warehouse), {@code input} (change streams out of TPC-H), {@code demo} (the layers and their proof).
 */
package io.streamhouse.cli;
