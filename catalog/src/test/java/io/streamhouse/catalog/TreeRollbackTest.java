package io.streamhouse.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStores;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A rollback brings files back into the tree with the masks they had. */
class TreeRollbackTest {
    /** Merged while a compaction had taken the file away, offered when a rollback has brought it back with its masks. */
    @Test
    void aMergeThatIsSilentAboutAFileIsNotTakenInOnceTheFileIsBack() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 3))
                .snapshots();
        UUID file = new UUID(1, 1);
        UUID other = new UUID(1, 2);
        TestWorld.publish(
                chain,
                TestWorld.append(
                        TestWorld.batch(new UUID(2, 0)),
                        List.of(TestWorld.file(file, TreeHistory.ROWS, 1), TestWorld.file(other, TreeHistory.ROWS, 1)),
                        List.of()));
        Snapshot masked = null;
        for (int n = 1; n <= 10; n++) {
            List<FileMask> masks = List.of(new FileMask(file, new int[] {n}), new FileMask(other, new int[] {n}));
            masked = TestWorld.publish(chain, TestWorld.append(TestWorld.batch(new UUID(2, n)), List.of(), masks));
        }
        UUID output = new UUID(1, 3);
        Snapshot compacted = TestWorld.publish(
                chain,
                TestWorld.compact(List.of(TestWorld.file(output, TreeHistory.ROWS, 1)), Set.of(file), List.of()));
        assertEquals(1, chain.merges().run(compacted));
        TestWorld.publish(chain, TestWorld.rollback(masked, Set.of(file), TestWorld.batch(new UUID(3, 1))));
        Snapshot next = TestWorld.publish(
                chain,
                TestWorld.append(
                        TestWorld.batch(new UUID(3, 2)), List.of(), List.of(new FileMask(file, new int[] {99}))));
        Map<UUID, BitSet> masks = TreeModel.masks(chain.tree(next), Set.of(file, other));
        assertEquals("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99}", masks.get(file).toString());
        assertEquals("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}", masks.get(other).toString());
        assertEquals(0, chain.stats().mergesTakenIn());
    }

    @Test
    void aRollbackRenewsFilesOfAnOlderSnapshotOnly() throws Exception {
        SnapshotChain chain = TestWorld.newTable(TestWorld.components(ObjectStores.memory(), 3))
                .snapshots();
        UUID file = new UUID(1, 1);
        Snapshot first = TestWorld.publish(
                chain,
                TestWorld.append(TestWorld.batch(file), List.of(TestWorld.file(file, TreeHistory.ROWS, 1)), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> chain.publish(
                        Optional.of(first),
                        TestWorld.rollback(first, Set.of(new UUID(9, 9)), TestWorld.batch(new UUID(2, 2)))));
        Snapshot second =
                TestWorld.publish(chain, TestWorld.rollback(first, Set.of(file), TestWorld.batch(new UUID(2, 3))));
        assertEquals(2, chain.tree(second).entries().get(0).addedIn());
        assertEquals(1, chain.tree(second).entries().get(0).bornIn());
        assertEquals(2, second.tree().lastRemovalIn());
        assertEquals(first.totals(), second.totals());
        assertThrows(
                IllegalArgumentException.class,
                () -> chain.publish(
                        Optional.of(first), TestWorld.rollback(second, Set.of(), TestWorld.batch(new UUID(2, 4)))));
    }
}
