/**
 * The demo: change streams into layers of tables, readers beside them, and a proof that all of it is exact.
 *
 * <p>The judge ({@link io.streamhouse.cli.demo.Oracle}, {@link io.streamhouse.cli.demo.RowHash}) shares no code with the
 * tables it judges. What happens to the jobs while they run stands in {@link io.streamhouse.cli.demo.Programme}: the
 * correction of a mistake, and kills of the process in which all of them live.
 */
package io.streamhouse.cli.demo;
