/** An S3 server for tests, run in a JVM of its own by {@code ServerProcess}; nobody has it on a class path. */
package io.streamhouse.testkit.s3server;
