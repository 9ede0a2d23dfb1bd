/**
 * Rows into tables: the writer that buffers, resolves and flushes, and the loop that resolves again against the head and
 * publishes.
 */
package io.streamhouse.write;
