/** Procedures of the catalog: {@code CALL sys.…}. */
package io.streamhouse.flink.procedure;
