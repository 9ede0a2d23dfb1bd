/**
 * An hour of everything at once on a local table: jobs, a compactor, expiry and a subscriber in processes of their own, one
 * of which is killed every few seconds. {@link io.streamhouse.testkit.simulation.soak.SoakTest} begins it, {@link
 * io.streamhouse.testkit.simulation.soak.SoakJudge} holds what they do against a model.
 */
package io.streamhouse.testkit.simulation.soak;
