/**
 * Names, snapshots, publishing. {@link io.streamhouse.catalog.Catalog} finds and makes databases and tables,
 * {@link io.streamhouse.catalog.SnapshotChain} reads and extends the one order of a table's snapshots. It publishes what
 * it is handed and knows no keys; the loop that resolves and tries again belongs to its callers.
 *
 * <p>Nothing but the object {@code snapshot/<id>} decides: a commit is one put-if-absent, and whatever a store leaves
 * unanswered is read back.
 */
package io.streamhouse.catalog;
