/** Names and values that somebody chose to do harm: refused by name, or kept exactly, and never a path elsewhere. */
package io.streamhouse.testkit.simulation.hostile;
