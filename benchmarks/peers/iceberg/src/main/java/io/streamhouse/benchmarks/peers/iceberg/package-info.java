/** The part of the comparison that needs Iceberg's jars. */
package io.streamhouse.benchmarks.peers.iceberg;
