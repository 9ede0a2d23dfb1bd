/**
 * What a race of processes and damaged files do to Streamhouse and to its peers: the same cases for all, each through its
 * Java API, in JVMs of their own, on directories of the local disk.
 */
package io.streamhouse.benchmarks.peers;
