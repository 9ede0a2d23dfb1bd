/**
 * What may go: {@link io.streamhouse.catalog.expiry.Horizon} says up to which snapshot, {@link
 * io.streamhouse.catalog.expiry.DeadObjects} which objects go with them. Knows no slots, boundaries or leases.
 */
package io.streamhouse.catalog.expiry;
