package io.streamhouse.storage;

import java.util.UUID;

/** Where new UUIDs come from; injected, so that a simulation can repeat them. Thread-safe. */
@FunctionalInterface
public interface IdSource {
    UUID next();
}
