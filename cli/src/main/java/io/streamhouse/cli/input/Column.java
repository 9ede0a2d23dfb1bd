package io.streamhouse.cli.input;

/**
 * One column of a source table.
 *
 * @param name column name
 * @param type its SQL type, without nullability
 */
public record Column(String name, String type) {}
