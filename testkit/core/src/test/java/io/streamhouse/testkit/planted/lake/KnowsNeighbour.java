package io.streamhouse.testkit.planted.lake;

import io.streamhouse.testkit.planted.log.Log;

/** Breaks the layers: imports a module of its own row, hidden in an array. */
class KnowsNeighbour {
    Log[] logs;
}
