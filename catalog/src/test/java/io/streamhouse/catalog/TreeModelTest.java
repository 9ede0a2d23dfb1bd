package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Spilling and merging change where entries and masks stand, never what they are. */
class TreeModelTest {
    @Test
    void treesOfAppendsEqualTheModelAtEverySnapshot() throws Exception {
        TreeHistory history = new TreeHistory(0, TreeHistory.NO_MERGES_BESIDE);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.appends"), 500, 0, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.manifestsMerged() > 0, stats.toString());
        assertTrue(stats.segmentsMerged() > 0, stats.toString());
    }

    @Test
    void treesWithCompactionsEqualTheModelAtEverySnapshot() throws Exception {
        TreeHistory history = new TreeHistory(0, TreeHistory.NO_MERGES_BESIDE);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.compactions"), 400, 0.2, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.segmentsMerged() > 0, stats.toString());
        assertTrue(history.removedEver() > 0, "removals of manifest entries were listed");
    }

    /** Rollbacks to near and far snapshots, back and forth, between appends and compactions. */
    @Test
    void treesThatGoBackEqualTheModelAtEverySnapshot() throws Exception {
        TreeHistory history = new TreeHistory(0.15, TreeHistory.NO_MERGES_BESIDE);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.rollbacks"), 300, 0.1, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.segmentsMerged() > 0, stats.toString());
        assertTrue(history.renewedEver() > 100, history.renewedEver() + " files renewed");
    }

    @Test
    void commitsMergeNothingWhereItIsDoneBesideThem() throws Exception {
        TreeHistory history = new TreeHistory(0, 0);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.beside"), 160, 0, 60);
        assertTrue(stats.manifestsSpilled() > 0 && stats.mergesTakenIn() > 20, stats.toString());
        assertEquals(0, stats.manifestsMerged() + stats.segmentsMerged(), stats.toString());
    }

    @Test
    void removedEntriesLeaveTheManifestsBesideTheCommits() throws Exception {
        TreeHistory history = new TreeHistory(0, 0);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.removedBeside"), 400, 0.4, 60);
        assertTrue(stats.mergesTakenIn() > 20, stats.toString());
        assertEquals(0, stats.manifestsMerged() + stats.segmentsMerged(), stats.toString());
    }

    /** Merges of older snapshots, while files leave the tree and come back by rollbacks. */
    @Test
    void lateMergesAreTakenInOrDroppedAndTreesStayWhatTheyAre() throws Exception {
        TreeHistory history = new TreeHistory(0.12, 6);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.late"), 350, 0.15, 60);
        assertTrue(stats.mergesTakenIn() > 10, stats.toString());
        assertTrue(history.renewedEver() > 100, history.renewedEver() + " files renewed");
    }

    @Test
    void largeMasksGoToObjectsOfTheirOwn() throws Exception {
        TreeHistory history = new TreeHistory(0, TreeHistory.NO_MERGES_BESIDE);
        PublishStats stats = history.run(Seeds.of("TreeModelTest.masks"), 80, 0, 12_000);
        assertTrue(stats.maskObjects() > 0 && stats.segmentsMerged() > 0, stats.toString());
    }
}
