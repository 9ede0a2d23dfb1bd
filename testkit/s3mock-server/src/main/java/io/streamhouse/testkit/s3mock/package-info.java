/**
 * S3Mock as a server for tests: its conditional put is not atomic, so it is what races and the probe must find out. Run in
 * a JVM of its own by {@code ServerProcess}.
 */
package io.streamhouse.testkit.s3mock;
