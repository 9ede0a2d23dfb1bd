package io.streamhouse.cli.demo;

/** All that goes on in one run, for those who interfere with it. */
record Scene(Layers layers, Engine engine, Jobs jobs, TableReads reads, LiveRun live, Proof proof, Narrator narrator) {}
