/**
 * What happened to a table: the changelog derived from two key-sorted streams of rows, its shapes, where subscriptions
 * start and end, and positions that restore exactly. Pure: no store, no clock, no snapshots' publication.
 */
package io.streamhouse.log;
