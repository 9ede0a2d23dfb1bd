/** Flink clusters, inside this JVM or in a child process, and the directory that one run of them owns. */
package io.streamhouse.cli.cluster;
