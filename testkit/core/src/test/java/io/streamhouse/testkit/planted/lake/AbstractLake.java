package io.streamhouse.testkit.planted.lake;

/** Breaks the names. */
class AbstractLake {}
