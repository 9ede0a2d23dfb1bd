package io.streamhouse.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.lake.LakeWorld.Change;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One index moved along with the table, against the visible rows themselves. */
class KeyIndexTest {
    private static final int KEYS = 40;

    private final LakeWorld world = LakeWorld.of(1);
    private final RandomGenerator random = Seeds.random(Seeds.of("key-index"));
    private final LakeView view = LakeView.empty();
    private final KeyIndex index = new KeyIndex(world.keyReader, view);
    private long value;

    private void commitSomething() throws IOException {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            long id = random.nextInt(KEYS);
            changes.add(random.nextInt(3) == 0 ? Change.delete(id) : Change.put(id, ++value));
        }
        world.commit(world.flush(0, Math.max(0, world.head() - random.nextInt(3)), changes));
    }

    /** Moves view and index to the head; sometimes by what was gained, sometimes by the whole tree. */
    private void follow() throws IOException {
        TableTree whole = world.tree();
        view.advance(random.nextBoolean() ? whole : LakeWorld.since(whole, view.snapshotId()));
        index.follow();
    }

    /** Value of each key by way of the position that the index names. */
    private TreeMap<Long, Object> throughTheIndex() throws IOException {
        long[] keys = new long[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = i;
        }
        int[] files = new int[KEYS];
        int[] positions = new int[KEYS];
        BucketId bucket = new BucketId(io.streamhouse.spec.key.Partition.NONE, 0);
        index.load(java.util.List.of(bucket));
        index.find(bucket, KeyColumn.ofLongs(1, KEYS, keys), 0, KEYS, files, positions, 0);
        TreeMap<Long, Object> out = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            if (files[i] >= 0) {
                UUID id = index.files().get(files[i]);
                DataFile file = view.file(id).file();
                assertEquals(keys[i], world.rows(file).get(positions[i]).value(0));
                out.put(keys[i], world.rows(file).get(positions[i]).value(1));
            }
        }
        return out;
    }

    @Test
    void theIndexFollowsTheTable() throws IOException {
        for (int round = 0; round < 60; round++) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                commitSomething();
            }
            follow();
            assertEquals(world.rows(), throughTheIndex());
        }
        assertTrue(world.head() > 60);
    }

    @Test
    void filesThatCompactionsReplacedLeaveTheIndex() throws IOException {
        int most = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 6; i++) {
                commitSomething();
                view.advance(world.tree());
                index.follow();
                assertEquals(world.rows(), throughTheIndex());
            }
            world.compactAll();
            view.advance(world.tree());
            index.follow();
            assertEquals(world.rows(), throughTheIndex());
            most = Math.max(most, index.files().size());
            assertTrue(index.entryCount() <= 64 * 8 + 4 * KEYS, index.entryCount() + " entries");
        }
        assertTrue(most > 20 && most <= 2 * 64 + 8, most + " files are numbered");
    }

    @Test
    void aBucketIsLoadedOnceAndThenOnlyNewFilesAreRead() throws IOException {
        for (int i = 0; i < 10; i++) {
            commitSomething();
        }
        follow();
        throughTheIndex();
        world.commit(world.flush(0, world.head(), List.of(Change.put(1L, 1L))));
        view.advance(LakeWorld.since(world.tree(), view.snapshotId()));
        var before = world.store.counts();
        index.follow();
        assertEquals(1, world.store.counts().since(before).readCount(), "one key chunk of the one new file");
    }
}
