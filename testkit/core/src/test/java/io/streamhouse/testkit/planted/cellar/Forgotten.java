package io.streamhouse.testkit.planted.cellar;

/** Stands in a module that nobody knows. */
class Forgotten {}
