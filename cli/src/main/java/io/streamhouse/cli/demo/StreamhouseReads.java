package io.streamhouse.cli.demo;

import java.net.URI;

/** {@link TableReads} over a warehouse. */
final class StreamhouseReads {
    private StreamhouseReads() {}

    static TableReads open(URI warehouse, String database) {
        throw new UnsupportedOperationException("the plain Java reader is not here yet: " + warehouse + database);
    }
}
