package io.streamhouse.cli.sql;

/**
 * One statement of a script.
 *
 * @param number place in the script, from 1
 * @param line line of its first word, from 1
 * @param text the statement without its closing semicolon; comments between its words are kept
 */
public record Statement(int number, int line, String text) {}
