package io.streamhouse.testkit.planted.log;

import io.streamhouse.testkit.planted.log.block.Block;

/** Breaks the direction between a root and its child, together with {@link Block}. */
public class Log {
    Block block;
}
