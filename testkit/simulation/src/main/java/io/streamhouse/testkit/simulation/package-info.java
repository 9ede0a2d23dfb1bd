/**
 * Random histories over the real write path: jobs with checkpoints in flight, restores, forks, zombies and racing commits
 * on a store that fails, judged after every snapshot by a model that knows nothing of files, masks or commit maps. Begin
 * at {@link io.streamhouse.testkit.simulation.RandomHistories}.
 */
package io.streamhouse.testkit.simulation;
