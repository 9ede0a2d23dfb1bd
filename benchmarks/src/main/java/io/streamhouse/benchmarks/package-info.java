/** Questions with numbers: what a row costs to write and to read. */
package io.streamhouse.benchmarks;
