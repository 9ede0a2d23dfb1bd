/** An HDFS cluster for tests, run in a JVM of its own by {@code ServerProcess}; nobody has it on a class path. */
package io.streamhouse.testkit.hdfsserver;
