/**
 * What the table is: the tree of columnar files per bucket, which positions of it are visible, and how new keys find the
 * positions that they replace. Knows no snapshots' publication and no changelog.
 */
package io.streamhouse.lake;
