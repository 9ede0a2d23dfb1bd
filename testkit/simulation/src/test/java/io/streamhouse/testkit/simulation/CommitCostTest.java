package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.PublishStats;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableDelta;
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
import io.streamhouse.write.BucketRouter;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableCommitter;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a commit costs: rows looked at, objects written. */
class CommitCostTest {
    private static final TableName NAME = TableName.of("db", "t");

    private final long seed = Seeds.of("commit-cost");
    private final RandomGenerator random = Seeds.random(seed);
    private final ManualClock clock = ManualClock.atMillis(1_000_000);

    private int catalogs;

    private Components components(ObjectStore store) {
        // every catalog has ids of its own: two that repeat each other's would name one file twice
        return new Components(store, clock, new SeededIds(Seeds.derive(seed, ++catalogs)), random, Runnable::run);
    }

    private Table table(ObjectStore store, int buckets) throws IOException {
        Catalog catalog = Catalogs.open(components(store));
        catalog.createDatabase(NAME.database(), true);
        List<Field> fields =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.bigint(), true));
        return catalog.createTable(
                NAME, TableSchema.create(fields, List.of("id"), List.of(), List.of(), buckets, Map.of()));
    }

    /** A job with some writers and nothing in flight. */
    private final class Job {
        private final Table table;
        private final CommitTimeline timeline;
        private final TableCommitter committer;
        private final List<TableWriter> writers = new ArrayList<>();
        private final BucketRouter router;
        private final RowViews rows;
        private long checkpoint;

        Job(Table table, int writerCount) throws IOException {
            this.table = table;
            this.timeline =
                    CommitTimeline.fresh(CommitUser.fresh(), table.components().ids());
            this.committer = TableCommitter.open(table);
            Path spill = Path.of(System.getProperty("java.io.tmpdir"), "streamhouse-commit-cost");
            for (int i = 0; i < writerCount; i++) {
                writers.add(TableWriter.forEngine(
                        table, new WriterSettings(i, writerCount, DataSize.ofMebibytes(16), spill)));
            }
            this.router = new BucketRouter(table.schema());
            this.rows = RowViews.of(table.schema().fields(), List.of("id"));
            timeline.fence(table.snapshots(), 0, OlderSavepoint.REFUSE);
        }

        void write(RowKind kind, long key) throws IOException {
            Row row = Row.of(key, random.nextLong());
            writers.get(router.writerOf(rows.view(row), writers.size())).write(kind, row);
        }

        CommitDelta flush() throws IOException {
            List<TableDelta> parts = new ArrayList<>();
            for (TableWriter writer : writers) {
                writer.flush().ifPresent(parts::add);
            }
            return timeline.next(++checkpoint, OptionalLong.empty(), parts, false);
        }

        Snapshot commit(CommitDelta delta) throws IOException {
            return assertInstanceOf(CommitOutcome.Committed.class, committer.commit(delta))
                    .snapshot();
        }

        PublishStats stats() {
            return table.snapshots().stats();
        }
    }

    @Test
    void aCommitAfterAHundredOthersLooksOnlyAtNewerFilesInItsBuckets() throws IOException {
        ObjectStore store = ObjectStores.memory();
        Table table = table(store, 8);
        Job slow = new Job(table, 1);
        Job busy = new Job(Catalogs.open(components(store)).table(NAME), 2);
        for (int i = 0; i < 50; i++) {
            commitSome(busy);
        }
        for (long key = 0; key < 3; key++) {
            slow.write(RowKind.INSERT, key);
            slow.write(RowKind.DELETE, 100 + key);
        }
        CommitDelta delta = slow.flush();
        long since = delta.parts().get(0).since();
        for (int i = 0; i < 100; i++) {
            commitSome(busy);
        }
        Snapshot head = table.snapshots().latest().orElseThrow();
        List<FileEntry> all = table.snapshots().tree(head).entries();
        long expected = expectedRows(all, delta.parts().get(0), since);
        Snapshot landed = slow.commit(delta);
        System.out.printf(
                "looked at %d rows of %d in %d files, base %d, head %d%n",
                landed.change().examinedRows(),
                all.stream().mapToLong(e -> e.file().rowCount()).sum(),
                all.size(),
                since,
                head.id());
        assertEquals(expected, landed.change().examinedRows());
        long newer = all.stream()
                .filter(e -> e.addedIn() > since)
                .mapToLong(e -> e.file().rowCount())
                .sum();
        assertTrue(expected > 0 && expected < newer, "the test touches some buckets, not all");
        // and the next commit of the same job has nothing of the past to look at
        slow.write(RowKind.INSERT, 1);
        assertEquals(0, slow.commit(slow.flush()).change().examinedRows());
    }

    private void commitSome(Job job) throws IOException {
        for (int i = 0; i < 20; i++) {
            job.write(random.nextInt(4) == 0 ? RowKind.DELETE : RowKind.INSERT, random.nextInt(300));
        }
        job.commit(job.flush());
    }

    /** Rows of slices that came after the base, lie in a bucket of the delta and meet its keys, per range of keys. */
    private static long expectedRows(List<FileEntry> entries, TableDelta delta, long since) throws IOException {
        long rows = 0;
        Set<Integer> buckets = new TreeSet<>();
        for (FileEntry e : entries) {
            for (Slice s : e.addedIn() > since ? e.file().slices() : List.<Slice>of()) {
                for (Slice own : delta.files().get(0).slices()) {
                    boolean meets = s.bucket() == own.bucket()
                            && meet(
                                    s.keys().min(),
                                    s.keys().max(),
                                    own.keys().min(),
                                    own.keys().max());
                    rows += meets ? s.rowCount() : 0;
                    buckets.add(own.bucket());
                }
                DeleteBlock deletes = DeleteBlockCodec.read(ColumnFiles.readBlock(null, delta.deletes()), "deletes");
                for (DeleteBlock.Group g : deletes.groups()) {
                    byte[] min = deletes.keys().canonical(g.first());
                    byte[] max = deletes.keys().canonical(g.first() + g.count() - 1);
                    boolean meets = s.bucket() == g.bucket()
                            && meet(s.keys().min(), s.keys().max(), min, max);
                    rows += meets ? s.rowCount() : 0;
                    buckets.add(g.bucket());
                }
            }
        }
        assertTrue(buckets.size() < 8, "some bucket is not touched");
        return rows;
    }

    private static boolean meet(byte[] min, byte[] max, byte[] otherMin, byte[] otherMax) {
        return Arrays.compareUnsigned(min, otherMax) <= 0 && Arrays.compareUnsigned(otherMin, max) <= 0;
    }

    @Test
    void fourWritersPutSixObjectsACommitAndAFewMore() throws IOException {
        int writers = 4;
        int commits = 50;
        CountingObjectStore store =
                CountingObjectStore.byKind(ObjectStores.memory(), path -> path.endsWith("/hint") ? "hint" : kind(path));
        Job job = new Job(table(store, 32), writers);
        Set<Long> live = new HashSet<>();
        StoreCounts start = store.counts();
        PublishStats statsAtStart = job.stats();
        long most = 0;
        long mostAsked = 0;
        for (int commit = 0; commit < commits; commit++) {
            clock.advance(Duration.ofSeconds(1));
            Set<Long> keys = new HashSet<>();
            while (keys.size() < 4_400) {
                keys.add((long) random.nextInt(40_000));
            }
            int n = 0;
            for (long key : keys) {
                boolean delete = n++ < 400;
                job.write(delete ? RowKind.DELETE : RowKind.INSERT, key);
                if (delete) {
                    live.remove(key);
                } else {
                    live.add(key);
                }
            }
            StoreCounts before = store.counts();
            PublishStats statsBefore = job.stats();
            Snapshot snapshot = job.commit(job.flush());
            assertEquals(live.size(), snapshot.totals().rowCount());
            StoreCounts cost = store.counts().since(before);
            long puts = ownPuts(cost, statsBefore, job.stats());
            mostAsked = Math.max(mostAsked, cost.inquiries());
            most = Math.max(most, puts);
        }
        StoreCounts counts = store.counts().since(start);
        long total = ownPuts(counts, statsAtStart, job.stats());
        System.out.printf(
                "%d commits: %d objects, at most %d a commit, which asks at most %d times; apart: %d hints, %d manifests merged, %d segments merged; %s; %s%n",
                commits,
                total,
                most,
                mostAsked,
                counts.puts("hint"),
                job.stats().manifestsMerged() - statsAtStart.manifestsMerged(),
                job.stats().segmentsMerged() - statsAtStart.segmentsMerged(),
                counts.puts(),
                job.stats());
        assertTrue(total <= (long) commits * (writers + 2) + 10, () -> total + " objects");
        assertTrue(most <= writers + 3, "a commit put " + most);
        assertTrue(counts.puts("hint") <= commits / 10 + 1, "hints");
        // newest snapshot and boundary once a writer and once a committer, and the boundary again after the put
        assertTrue(mostAsked <= 2 * writers + 3, "a commit asked " + mostAsked);
        long looks = counts.reads("schema");
        assertTrue(
                looks <= commits / 10, looks + " times asked whether the table stands, once in ten seconds is enough");
        assertEquals(counts.reads("mask") + looks, counts.readCount(), "else only merges read: " + counts.reads());
    }

    /** Objects without hints and without what was merged beside the commit. */
    private static long ownPuts(StoreCounts counts, PublishStats before, PublishStats after) {
        long merged =
                after.manifestsMerged() - before.manifestsMerged() + after.segmentsMerged() - before.segmentsMerged();
        return counts.putCount() - counts.puts("hint") - merged;
    }

    private static String kind(String path) {
        String[] parts = path.split("/");
        return parts[parts.length - 2];
    }
}
