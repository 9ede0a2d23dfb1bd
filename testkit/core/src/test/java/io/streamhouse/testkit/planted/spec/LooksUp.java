package io.streamhouse.testkit.planted.spec;

import io.streamhouse.testkit.planted.lake.Lake;

/** Breaks the layers: imports upwards. */
record LooksUp(Lake lake) {}
