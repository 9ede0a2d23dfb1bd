/**
 * The demo: change streams into layers of tables, readers beside them, and a proof that all of it is exact.
 *
 * <p>The judge ({@link io.streamhouse.cli.demo.Oracle}, {@link io.streamhouse.cli.demo.RowHash}) shares no code with the
 * tables it judges.
 */
package io.streamhouse.cli.demo;
