/**
 * What an operator asks of a warehouse: lists of tables, files and snapshots, changes as they come, compaction, expiry.
 * Plain Java against the store; nothing here loads an engine.
 */
package io.streamhouse.cli.ops;
