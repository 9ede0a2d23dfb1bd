/** A Flink cluster inside this JVM, and the directory that one run of it owns. */
package io.streamhouse.cli.cluster;
