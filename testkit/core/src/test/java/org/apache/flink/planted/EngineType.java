package org.apache.flink.planted;

/** Stands for a type of the engine, which is not on this module's class path. */
public class EngineType {}
