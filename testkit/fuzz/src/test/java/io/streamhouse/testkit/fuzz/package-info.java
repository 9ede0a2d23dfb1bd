/**
 * Fuzz targets: one class a parser, since a process fuzzes one target only. Without the profile {@code fuzz} each runs its
 * checked-in inputs. Parsers of closed packages have their targets in those packages.
 */
package io.streamhouse.testkit.fuzz;
