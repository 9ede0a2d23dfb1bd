/**
 * What tests stand on: a store with faults, a store that counts, a clock moved by hand, seeds, a simple model of a table
 * and the rules of the house. Used in test scope, and by the simulation.
 */
package io.streamhouse.testkit;
