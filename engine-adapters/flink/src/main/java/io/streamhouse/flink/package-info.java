/**
 * Flink SQL over Streamhouse tables: the catalog, the sink and the source that engines load by name. Types and life
 * cycles only: what a commit, a delta or a change is stands in the modules below.
 */
package io.streamhouse.flink;
