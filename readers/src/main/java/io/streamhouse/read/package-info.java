/**
 * Rows out of tables: scans of one snapshot ({@link io.streamhouse.read.TableScan}) and subscriptions to the changelog
 * ({@link io.streamhouse.read.Changelog}). Engines take the same in parts: plans of splits, and readers of one split.
 */
package io.streamhouse.read;
