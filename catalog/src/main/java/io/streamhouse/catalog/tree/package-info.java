/**
 * What a snapshot's table consists of, as objects: manifests of file entries and mask segments, read, written and merged.
 * Knows one tree at a time, no chain and no commit.
 */
package io.streamhouse.catalog.tree;
