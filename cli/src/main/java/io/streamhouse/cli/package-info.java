/**
 * The {@code ./streamhouse} command: demo, sql and bench in one process with an embedded Flink cluster.
 *
 * <p>{@link io.streamhouse.cli.Main} is the door. Children: {@code cluster} (Flink in this JVM), {@code sql} (the SQL
 * client and scripts), {@code failure} (errors as users read them), {@code input} (change streams out of TPC-H), {@code demo} (the layers and their proof).
 */
package io.streamhouse.cli;
