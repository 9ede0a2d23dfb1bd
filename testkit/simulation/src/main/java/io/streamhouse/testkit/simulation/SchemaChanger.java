package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Somebody who changes options of the table; others of them come between a put of a schema and what follows it. Retention
 * stays short enough that snapshots expire, and long enough that the newest are left.
 */
final class SchemaChanger {
    private static final String TIME = "snapshot.time-retained";
    private static final String LEAST = "snapshot.num-retained.min";
    private static final String MOST = "snapshot.num-retained.max";
    private static final String FILE_SIZE = "target-file-size";
    private static final String DEBT = "compaction.debt-limit";
    /** So few that two meet over one. */
    private static final List<String> SIGNS = List.of(TIME, FILE_SIZE, DEBT);

    private static final int LEAST_RETAINED = 2;
    private static final int MILLIS = 3_000;
    private static final int BYTES = 1 << 20;
    /** Of so many alterations one is of a kind that is always refused. */
    private static final int HOPELESS_IN = 10;

    private final History history;
    private final String name;
    private World.Process process;
    private boolean busy;

    SchemaChanger(History history, String name) {
        this.history = history;
        this.name = name;
    }

    boolean isBusy() {
        return busy;
    }

    void move() {
        busy = true;
        try {
            alter();
        } catch (StreamhouseException | IOException e) {
            history.trace().note("%s fails: %s", name, history.failure(e).getMessage());
            history.tally().add(HistoryEvent.UNKNOWN_ALTERATIONS);
        } finally {
            busy = false;
        }
    }

    private void alter() throws IOException {
        if (process == null || process.connection().isCrashed()) {
            process = history.world().start();
        }
        SchemaOracle schemas = history.schemas();
        schemas.look();
        int newest = schemas.newest();
        Alteration alteration = alteration(schemas.nextNumber());
        schemas.intend(alteration);
        history.trace().note("%s: %s", name, alteration);
        history.trace().enter();
        try {
            process.catalog().alterOptions(World.TABLE, alteration.set(), alteration.remove());
        } catch (StreamhouseException e) {
            if (history.world().isExplained(e)) {
                throw e;
            }
            schemas.refused(alteration, newest, e);
            history.trace().note("refused: %s", e.getMessage());
            history.tally().add(HistoryEvent.REFUSED_ALTERATIONS);
            return;
        } finally {
            history.trace().leave();
        }
        schemas.acknowledged(alteration);
        history.tally().add(HistoryEvent.ALTERATIONS);
    }

    private Alteration alteration(int number) {
        String sign = SIGNS.get(random().nextInt(SIGNS.size()));
        Map<String, String> set = new HashMap<>();
        Set<String> remove = new HashSet<>();
        set.put(sign, sign.equals(TIME) ? MILLIS + number + " ms" : BYTES + number + " b");
        if (random().nextInt(HOPELESS_IN) == 0) {
            switch (random().nextInt(4)) {
                case 0 -> set.put("bucket", Integer.toString(KeyShape.BUCKETS + 1));
                case 1 -> set.put("merge-engine", "first-row");
                case 2 -> set.put("snapshot.num-retained", "3");
                default -> set.putAll(Map.of(LEAST, "4", MOST, "2"));
            }
        } else {
            switch (random().nextInt(6)) {
                case 0 -> set.put(LEAST, retained());
                case 1 -> set.put(MOST, retained());
                case 2 -> set.putAll(Map.of(LEAST, Integer.toString(LEAST_RETAINED), MOST, retained()));
                case 3 -> remove.add(MOST);
                case 4 -> remove.add(SIGNS.get((SIGNS.indexOf(sign) + 1) % SIGNS.size()));
                default -> {}
            }
        }
        return new Alteration("a" + number, sign, set, remove);
    }

    private String retained() {
        return Integer.toString(LEAST_RETAINED + random().nextInt(World.MOST_RETAINED - LEAST_RETAINED + 1));
    }

    private RandomGenerator random() {
        return history.random();
    }
}
