/**
 * Every kind of file that a query opens, harmed byte by byte: an answer is right, or a typed error names the file. The
 * table's store is in memory and never changed; each case sees it through a layer of its own.
 */
package io.streamhouse.testkit.simulation.damage;
