package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.RowKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final long SEED = Long.getLong("streamhouse.seed", 5);

    private final Replica replica = new Replica(1);

    @Test
    void everyVersionIsThatOfAModelUnderRandomChanges() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        Map<Long, Object[]> model = new TreeMap<>();
        Map<Long, TableDigest> versions = new TreeMap<>();
        for (long commit = 1; commit <= 200; commit++) {
            for (int i = random.nextInt(10); i >= 0; i--) {
                change(random, model, commit);
            }
            versions.put(commit, DemoModel.digest(model.values()));
        }
        versions.forEach((commit, digest) -> assertEquals(digest, replica.digestAt(commit), "commit " + commit));
        assertEquals(0, replica.violations(), replica.firstViolation());
        assertEquals(replica.count(RowKind.UPDATE_BEFORE), replica.count(RowKind.UPDATE_AFTER));
        assertEquals(model.size(), replica.count(RowKind.INSERT) - replica.count(RowKind.DELETE));
        assertEquals(0, differences(model.values()));
    }

    private void change(Random random, Map<Long, Object[]> model, long commit) {
        long key = random.nextInt(50);
        Object[] held = model.get(key);
        if (held == null) {
            model.put(key, row(key, "v" + random.nextInt()));
            replica.apply(commit, RowKind.INSERT, model.get(key));
        } else if (random.nextInt(3) == 0) {
            model.remove(key);
            replica.apply(commit, RowKind.DELETE, held);
        } else {
            model.put(key, row(key, "v" + random.nextInt()));
            replica.apply(commit, RowKind.UPDATE_BEFORE, held);
            replica.apply(commit, RowKind.UPDATE_AFTER, model.get(key));
        }
    }

    @Test
    void aCommitWithoutChangesIsTheOneBeforeIt() {
        assertEquals(new TableDigest(0, 0, 0), replica.digestAt(9));
        replica.apply(2, RowKind.INSERT, row(1L, "a"));
        replica.apply(5, RowKind.INSERT, row(2L, "b"));
        assertEquals(0, replica.digestAt(1).rows());
        assertEquals(replica.digestAt(2), replica.digestAt(4));
        assertEquals(2, replica.digestAt(7).rows());
    }

    @Test
    void changesThatDoNotFitAreViolations() {
        replica.apply(1, RowKind.INSERT, row(1L, "a"));
        assertEquals(0, replica.violations());
        replica.apply(1, RowKind.INSERT, row(1L, "a"));
        assertEquals(1, replica.violations());
        replica.apply(2, RowKind.UPDATE_BEFORE, row(1L, "other"));
        assertEquals(2, replica.violations());
        replica.apply(2, RowKind.DELETE, row(3L, "c"));
        assertEquals(3, replica.violations());
        replica.apply(1, RowKind.INSERT, row(4L, "d"));
        assertEquals(4, replica.violations());
        assertTrue(replica.firstViolation().contains("+I[1, a] at commit 1"), replica.firstViolation());
    }

    @Test
    void everyDifferenceToATableIsCounted() {
        replica.apply(1, RowKind.INSERT, row(1L, "a"));
        replica.apply(1, RowKind.INSERT, row(2L, "b"));
        assertEquals(0, differences(Arrays.asList(row(2L, "b"), row(1L, "a"))));
        assertEquals(1, differences(Arrays.asList(row(2L, "x"), row(1L, "a"))));
        assertEquals(1, differences(Arrays.<Object[]>asList(row(1L, "a"))));
        assertEquals(1, differences(Arrays.asList(row(1L, "a"), row(2L, "b"), row(3L, "c"))));
        assertEquals(1, differences(Arrays.asList(row(1L, "a"), row(2L, "b"), row(2L, "b"))));
    }

    private long differences(Collection<Object[]> table) {
        Replica.Comparison comparison = replica.compare();
        table.forEach(comparison::accept);
        return comparison.differences();
    }

    private static Object[] row(Object... values) {
        return values;
    }
}
