package io.streamhouse.testkit.planted.spec.inner;

/** Private to its module, whatever its Java visibility. */
public record InnerWord(String text) {}
