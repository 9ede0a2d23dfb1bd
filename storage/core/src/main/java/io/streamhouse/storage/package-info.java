/**
 * Bytes by name: the {@link io.streamhouse.storage.ObjectStore} that everything stands on, and the components (clock,
 * ids, random, executor) that are injected so that a simulation can own them.
 */
package io.streamhouse.storage;
