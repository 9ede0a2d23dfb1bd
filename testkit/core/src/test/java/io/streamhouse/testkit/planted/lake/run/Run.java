package io.streamhouse.testkit.planted.lake.run;

/** A good class of a child package. */
public record Run(int level) {}
