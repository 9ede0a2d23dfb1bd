package io.streamhouse.storage;

/**
 * One listed object.
 *
 * @param path path relative to the store's root, components joined by {@code /}
 * @param sizeBytes length of the object
 * @param modifiedMillis time of last change in milliseconds since the epoch, by the store's clock
 */
public record ObjectInfo(String path, long sizeBytes, long modifiedMillis) {}
