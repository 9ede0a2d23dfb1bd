package io.streamhouse.testkit.planted.lake;

import org.apache.flink.planted.EngineType;

/** Breaks the rim: knows an engine. */
class KnowsEngine extends EngineType {}
