/**
 * Tables as Flink sources: bounded scans of one snapshot, and streams of changes.
 *
 * <p>In a stream the enumerator finds commits and cuts each into splits of one partition and root bucket; a root bucket
 * belongs to one reader for the whole job, and its splits are read in commit order. A position is the number of source
 * rows consumed inside a split.
 */
package io.streamhouse.flink.source;
