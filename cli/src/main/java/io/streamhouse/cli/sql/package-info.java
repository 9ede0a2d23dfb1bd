/** SQL for people and for scripts: Flink's own client at a terminal, and our statement loop for files. */
package io.streamhouse.cli.sql;
