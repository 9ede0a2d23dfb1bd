package io.streamhouse.testkit.planted.log.block;

import io.streamhouse.testkit.planted.log.Log;

/** Looks back at its door. */
public class Block {
    Log log;
}
