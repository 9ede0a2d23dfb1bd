package io.streamhouse.testkit.planted.spec.open;

/** A good class of an opened child package. */
public record OpenWord(String text) {}
