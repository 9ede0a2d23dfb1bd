package io.streamhouse.testkit.planted.spec;

/** A good class of the lowest module. */
public record Word(String text) {}
