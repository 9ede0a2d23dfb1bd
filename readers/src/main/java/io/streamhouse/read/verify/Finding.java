package io.streamhouse.read.verify;

/**
 * Something that is wrong with a table.
 *
 * @param kind what sort of wrong
 * @param object path of the object below the table's root
 * @param snapshot the first snapshot, of those that were verified, that it was met in
 * @param problem what is wrong, for people
 * @param advice what can be done about it, for people
 */
public record Finding(FindingKind kind, String object, long snapshot, String problem, String advice) {}
