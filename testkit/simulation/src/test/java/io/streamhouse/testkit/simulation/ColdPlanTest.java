package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.BackgroundMerges;
import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.read.ScanPlan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.CountingObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCounts;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What it costs to plan a scan for somebody who has never seen the table: it does not grow with its history. */
class ColdPlanTest {
    private static final TableName NAME = TableName.of("db", "t");
    /** Snapshot and manifests. */
    private static final int METADATA_OBJECTS = 4;

    private static final int SEGMENTS = 16;
    /** All that is asked of the store by who knows nothing: schema, hint, probes, boundary, snapshot, manifests, masks. */
    private static final int REQUESTS = 36;

    private static final int ROWS = 20;
    /** Commits from one plan to the next; a prime, so that plans meet every state of the merges. */
    private static final int LOOK_EVERY = 7;

    private final long seed = Seeds.of("cold-plan");
    private final RandomGenerator random = Seeds.random(seed);
    private final ManualClock clock = ManualClock.atMillis(1_000_000_000);

    private int catalogs;

    private Components components(ObjectStore store) {
        return new Components(store, clock, new SeededIds(Seeds.derive(seed, ++catalogs)), random, Runnable::run);
    }

    @Test
    void aThousandCommits() throws IOException {
        check(run(1_000, true));
    }

    @Test
    @Tag("full")
    void tenThousandCommits() throws IOException {
        check(run(10_000, true));
    }

    @Test
    void metadataThatNobodyMergesBesideTheCommitsIsFoundOut() throws IOException {
        Most without = run(800, false);
        assertThrows(AssertionError.class, () -> check(without));
    }

    /** The most that any plan cost. */
    private record Most(long metadata, long segments, long requests) {
        Most with(StoreCounts cost) {
            return new Most(
                    Math.max(metadata, cost.reads("snapshot") + cost.reads("manifest")),
                    Math.max(segments, cost.reads("mask")),
                    Math.max(requests, cost.readCount() + cost.inquiries()));
        }
    }

    private static void check(Most most) {
        assertTrue(most.metadata <= METADATA_OBJECTS, most.toString());
        assertTrue(most.segments <= SEGMENTS, most.toString());
        assertTrue(most.requests <= REQUESTS, most.toString());
    }

    private Most run(int commits, boolean mergesBeside) throws IOException {
        ObjectStore memory = ObjectStores.memory();
        Catalog catalog = Catalogs.open(components(memory));
        catalog.createDatabase(NAME.database(), true);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        Map<String, String> options = Map.of("snapshot.num-retained.max", "50");
        Table table =
                catalog.createTable(NAME, TableSchema.create(fields, List.of("id"), List.of(), List.of(), 4, options));
        Most most = new Most(0, 0, 0);
        SnapshotExpiry expiry = table.expiry();
        try (TableWriter writer = TableWriter.open(table, CommitUser.named("job"));
                BackgroundMerges merges = new BackgroundMerges(table.snapshots().merges(), Runnable::run, e -> {
                    throw new AssertionError(e);
                })) {
            for (int n = 1; n <= commits; n++) {
                clock.advance(Duration.ofSeconds(1));
                for (int i = 0; i < ROWS; i++) {
                    writer.write(RowKind.INSERT, Row.of((long) random.nextInt(ROWS * commits), random.nextLong()));
                }
                writer.commit(n);
                Snapshot head = table.snapshots().latest().orElseThrow();
                if (mergesBeside) {
                    merges.afterCommit(head);
                }
                expiry.runIfDue();
                if (n % LOOK_EVERY == 0 || n == commits) {
                    most = most.with(coldPlan(memory, head));
                }
            }
        }
        System.out.printf("cold plans during %d commits, merged beside them %s: %s%n", commits, mergesBeside, most);
        return most;
    }

    private StoreCounts coldPlan(ObjectStore memory, Snapshot head) throws IOException {
        CountingObjectStore counting = CountingObjectStore.byKind(memory, path -> {
            String[] parts = path.split("/");
            return path.endsWith("/hint") ? "hint" : parts[parts.length - 2];
        });
        Table table = Catalogs.open(components(counting)).table(NAME);
        ScanPlan plan = TableScan.of(table).plan();
        assertEquals(head.id(), plan.snapshotId());
        return counting.counts();
    }
}
