/** Input of the demo: TPC-H told as change streams, written to files and published one by one. */
package io.streamhouse.cli.input;
