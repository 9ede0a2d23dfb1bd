package io.streamhouse.cli.input;

import java.nio.file.Path;

/**
 * One file of a table's change stream, complete on disk and hidden until it is published.
 *
 * @param table the table
 * @param index place among the table's files, from 0; the order in which they must be read
 * @param hidden where it waits, a name that begins with a dot
 * @param visible where it stands once it is published
 * @param events events in it, at least 1
 * @param lastEvent number of its last event, which is no delete and so can be seen in the table
 * @param sizeBytes length of the file
 */
public record ChangeFile(
        SourceTable table, int index, Path hidden, Path visible, long events, long lastEvent, long sizeBytes) {}
