package io.streamhouse.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.ChangePositionCodec;
import io.streamhouse.log.Start;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.TableModel.ModelChange;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChangelogReaderTest {
    private static TestTable history(long seed, int commits) throws IOException {
        TestTable t = new TestTable(TestTable.orders(List.of("region"), 2), seed, 2);
        RandomGenerator random = Seeds.random(seed);
        for (int c = 0; c < commits; c++) {
            t.commit(c % 2, t.randomWrites(random, 25, 40));
        }
        return t;
    }

    private static Changelog changelog(TestTable t, Start start) {
        return Changelog.of(t.table).from(start).pause(time -> {
            throw new AssertionError("a poll without timeout waited " + time);
        });
    }

    /** Every change of the stream and the position behind it. */
    private static List<ModelChange> drain(TestTable t, ChangelogReader reader, List<ChangePosition> behind)
            throws IOException {
        List<ModelChange> out = new ArrayList<>();
        for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
            out.addAll(t.changes(b, reader.columns()));
            ChangePosition p = reader.position();
            for (int i = 0; i < b.rowCount(); i++) {
                behind.add(new ChangePosition(p.phase(), p.snapshotId(), p.split(), b.rowsConsumed()[i]));
            }
        }
        return out;
    }

    @Test
    void aReaderGoesOnBehindAnyChangeWithoutGapOrRepetition() throws IOException {
        long seed = Seeds.of("ChangelogReaderTest");
        for (ChangelogShape shape : ChangelogShape.values()) {
            for (Predicate filter : new Predicate[] {null, Predicate.equal("status", "paid")}) {
                goesOnAnywhere(seed, shape, filter);
            }
        }
    }

    private static void goesOnAnywhere(long seed, ChangelogShape shape, Predicate filter) throws IOException {
        try (TestTable t = history(seed, 16)) {
            Changelog changelog = changelog(t, Start.fullAt(4)).shape(shape);
            if (filter != null) {
                changelog.where(filter);
            }
            List<ChangePosition> behind = new ArrayList<>();
            List<ModelChange> all;
            try (ChangelogReader reader = changelog.open()) {
                all = drain(t, reader, behind);
                assertTrue(all.size() > (filter == null ? 80 : 20), "only " + all.size() + " changes");
            }
            try (ChangelogReader reader = changelog.open()) {
                for (int i = 0; i < all.size(); i++) {
                    reader.seek(ChangePositionCodec.read(ChangePositionCodec.write(behind.get(i))));
                    List<ModelChange> rest = drain(t, reader, new ArrayList<>());
                    assertEquals(all.subList(i + 1, all.size()), rest, "behind change " + i);
                }
            }
        }
    }

    @Test
    void positionsHoldUnderAnotherProjectionAndFilter() throws IOException {
        long seed = Seeds.of("ChangelogReaderTest.filters");
        try (TestTable t = history(seed, 6)) {
            List<ChangePosition> behind = new ArrayList<>();
            List<ModelChange> all;
            try (ChangelogReader reader = changelog(t, Start.fullAt(3)).open()) {
                all = drain(t, reader, behind);
            }
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).kind() == RowKind.UPDATE_BEFORE) {
                    continue;
                }
                try (ChangelogReader reader = changelog(t, Start.fullAt(3))
                        .where(Predicate.equal("region", "west"))
                        .select("id")
                        .open()) {
                    reader.seek(behind.get(i));
                    long rows = 0;
                    for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                        for (int r = 0; r < b.rowCount(); r++) {
                            byte kind = b.kinds()[r];
                            rows += kind == RowKind.INSERT.code() ? 1 : kind == RowKind.DELETE.code() ? -1 : 0;
                        }
                    }
                    // what follows a position is the same as by the unfiltered stream: rows come and go by key and
                    // region
                    long expected = all.subList(i + 1, all.size()).stream()
                            .filter(c -> "west".equals(c.row().get(0)))
                            .mapToLong(c -> c.kind() == RowKind.INSERT ? 1 : c.kind() == RowKind.DELETE ? -1 : 0)
                            .sum();
                    assertEquals(expected, rows, "behind change " + i);
                    seen.add(all.get(i).kind().symbol());
                }
            }
            assertEquals(Set.of("+I", "+U", "-D"), seen);
        }
    }

    @Test
    void theFilteredChangelogReplaysToTheFilteredTable() throws IOException {
        long seed = Seeds.of("ChangelogReaderTest.filtered");
        for (int h = 0; h < 6; h++) {
            try (TestTable t = history(Seeds.derive(seed, h), 10)) {
                for (ChangelogShape shape : ChangelogShape.values()) {
                    Predicate filter = Predicate.and(
                            Predicate.less("id", 30L),
                            Predicate.or(Predicate.isNull("status"), Predicate.equal("rate", 1)));
                    List<ModelChange> changes = new ArrayList<>();
                    try (ChangelogReader reader = changelog(t, Start.earliest())
                            .shape(shape)
                            .where(filter)
                            .open()) {
                        changes.addAll(t.drain(reader));
                    }
                    var replica = shape == ChangelogShape.FULL
                            ? t.model.replayFull(0, changes)
                            : t.model.replayUpsert(0, changes);
                    var expected = t.keyed(TestTable.rows(TableScan.of(t.table).where(filter)));
                    assertEquals(expected, replica);
                    assertTrue(changes.stream().allMatch(c -> (long) c.row().get(1) < 30));
                }
            }
        }
    }

    @Test
    void anUpdateThatChangesNoSelectedColumnIsNoChange() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(1), 3, 1)) {
            t.commit(t.upsert("north", 1L, "new", BigDecimal.ONE, 0.5));
            t.commit(t.upsert("north", 1L, "new", BigDecimal.TEN, 0.5));
            t.commit(t.upsert("north", 1L, "paid", BigDecimal.TEN, 0.5));
            t.commit(t.upsert("north", 1L, "paid", BigDecimal.TEN, 0.5));
            try (ChangelogReader reader =
                    changelog(t, Start.fromSnapshot(3)).select("status").open()) {
                List<String> kinds = new ArrayList<>();
                for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                    for (byte kind : b.kinds()) {
                        kinds.add(b.snapshotId() + RowKind.of(kind).symbol());
                    }
                }
                assertEquals(List.of("4-U", "4+U"), kinds);
                assertEquals(2, reader.suppressed());
            }
        }
    }

    @Test
    void everySnapshotEndsWithOneClosingBatch() throws IOException {
        try (TestTable t = history(9, 4);
                ChangelogReader reader = changelog(t, Start.earliest()).open()) {
            List<Long> closed = new ArrayList<>();
            long open = 0;
            for (ChangeBatch b = reader.poll(Duration.ZERO); b != null; b = reader.poll(Duration.ZERO)) {
                assertTrue(b.snapshotId() > (closed.isEmpty() ? 0 : closed.get(closed.size() - 1)));
                assertTrue(b.snapshotId() >= open);
                open = b.snapshotId();
                assertEquals(b.lastOfCommit(), b.rowCount() == 0);
                assertEquals(t.table.snapshots().snapshot(open).timeMillis(), b.commitTimeMillis());
                if (b.lastOfCommit()) {
                    closed.add(b.snapshotId());
                }
            }
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), closed, "two fences and four commits");
            assertEquals(ChangePosition.changes(7), reader.position());
        }
    }

    private static long firstSnapshot(TestTable t, Start start) throws IOException {
        try (ChangelogReader reader = changelog(t, start).open()) {
            ChangeBatch batch = reader.poll(Duration.ZERO);
            return batch == null ? -reader.position().snapshotId() : batch.snapshotId();
        }
    }

    @Test
    void startsBeginWhereTheySay() throws IOException {
        try (TestTable t = history(10, 5)) {
            long head = t.model.head();
            assertEquals(7, head);
            assertEquals(head, firstSnapshot(t, Start.full()));
            assertEquals(4, firstSnapshot(t, Start.fullAt(4)));
            assertEquals(-(head + 1), firstSnapshot(t, Start.latest()));
            assertEquals(1, firstSnapshot(t, Start.earliest()));
            assertEquals(4, firstSnapshot(t, Start.fromSnapshot(4)));
            assertEquals(-(head + 1), firstSnapshot(t, Start.fromSnapshot(head + 1)));
            long time = t.table.snapshots().snapshot(5).timeMillis();
            assertEquals(5, firstSnapshot(t, Start.timestamp(time)));
            assertEquals(6, firstSnapshot(t, Start.timestamp(time + 1)));
            assertEquals(5, firstSnapshot(t, Start.timestamp(time - 999)));
            assertEquals(1, firstSnapshot(t, Start.timestamp(0)));
            assertEquals(head, firstSnapshot(t, Start.timestamp(t.clock.millis())));
            for (long millis : new long[] {t.clock.millis() + 1, Long.MAX_VALUE}) {
                TableScanTest.refused(ErrorCode.BAD_OPTION_VALUE, () -> changelog(t, Start.timestamp(millis))
                        .open());
            }
            t.clock.advance(Duration.ofMillis(1));
            assertEquals(-(head + 1), firstSnapshot(t, Start.timestamp(t.clock.millis())));
            for (long id : new long[] {0, -1, head + 2}) {
                TableScanTest.refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> changelog(t, Start.fromSnapshot(id))
                        .open());
            }
            TableScanTest.refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> changelog(t, Start.fullAt(head + 1))
                    .open());
        }
    }

    @Test
    void boundsEndWhereTheySay() throws IOException {
        try (TestTable t = history(11, 5)) {
            try (ChangelogReader latest =
                            changelog(t, Start.fullAt(4)).until(Bound.latest()).open();
                    ChangelogReader at = changelog(t, Start.fullAt(4))
                            .until(Bound.snapshot(4))
                            .open();
                    ChangelogReader later = changelog(t, Start.latest())
                            .until(Bound.snapshot(8))
                            .open();
                    ChangelogReader over =
                            changelog(t, Start.latest()).until(Bound.latest()).open()) {
                assertTrue(over.isFinished());
                assertNull(over.poll(Duration.ofDays(1)));
                assertTrue(t.drain(at).stream().allMatch(c -> c.snapshot() == 4));
                assertTrue(at.isFinished());
                assertTrue(t.drain(later).isEmpty());
                assertFalse(later.isFinished());
                t.commit(t.upsert("west", 1L, "late", null, null));
                assertEquals(
                        1,
                        t.drain(later).stream()
                                .filter(c -> c.kind() != RowKind.UPDATE_BEFORE)
                                .count());
                assertTrue(later.isFinished());
                assertTrue(t.drain(latest).stream().allMatch(c -> c.snapshot() <= 7));
                assertTrue(latest.isFinished());
            }
        }
    }

    @Test
    void aBoundBeforeTheSnapshotToStartAtIsRefused() throws IOException {
        try (TestTable t = history(16, 5)) {
            for (Start start : List.of(Start.full(), Start.fullAt(4), Start.fromSnapshot(4))) {
                StreamhouseException e = assertThrows(
                        StreamhouseException.class,
                        () -> changelog(t, start).until(Bound.snapshot(3)).open(),
                        start.toString());
                assertEquals(ErrorCode.BAD_OPTION_VALUE, e.code());
                long first = start instanceof Start.Full ? t.model.head() : 4;
                assertTrue(e.getMessage().matches(".* 3 .* " + first + ",.*"), e.getMessage());
            }
            try (ChangelogReader reader =
                    changelog(t, Start.latest()).until(Bound.snapshot(3)).open()) {
                assertTrue(reader.isFinished());
            }
        }
    }

    @Test
    void splitsStayAsTheyAreWhenThePlannerGoesOn() throws IOException {
        try (TestTable t = history(17, 8)) {
            ChangelogPlanner planner = ChangelogPlanner.of(t.table, ChangelogShape.FULL);
            List<ChangeSplit> splits = planner.fullSplitsOf(6);
            List<String> planned = bytes(splits);
            for (long id = 7; id <= t.model.head(); id++) {
                planner.splitsOf(id);
            }
            assertEquals(planned, bytes(splits));
        }
    }

    @Test
    void aTableWithoutSnapshotIsReadFromItsFirstCommitOn() throws IOException {
        try (TestTable t = new TestTable(TestTable.orders(1), 4, 0)) {
            for (Start start : List.of(Start.full(), Start.latest(), Start.earliest(), Start.timestamp(5))) {
                try (ChangelogReader reader = changelog(t, start).open()) {
                    assertNull(reader.poll(Duration.ZERO));
                    assertEquals(ChangePosition.changes(1), reader.position());
                }
                try (ChangelogReader reader =
                        changelog(t, start).until(Bound.latest()).open()) {
                    assertTrue(reader.isFinished());
                }
            }
        }
    }

    @Test
    void pollWaitsForCommitsAndNoLongerThanItMay() throws IOException {
        try (TestTable t = history(12, 2)) {
            List<Duration> pauses = new ArrayList<>();
            try (ChangelogReader reader = Changelog.of(t.table)
                    .from(Start.latest())
                    .discoveryInterval(Duration.ofMillis(40))
                    .pause(time -> {
                        pauses.add(time);
                        if (pauses.size() == 5) {
                            commitQuietly(t);
                        }
                    })
                    .open()) {
                assertNull(reader.poll(Duration.ofMillis(100)));
                assertEquals(List.of(Duration.ofMillis(40), Duration.ofMillis(40), Duration.ofMillis(20)), pauses);
                ChangeBatch batch = reader.poll(Duration.ofDays(1));
                assertEquals(5, pauses.size());
                assertEquals(t.model.head(), batch.snapshotId());
            }
        }
    }

    private static void commitQuietly(TestTable t) {
        try {
            t.commit(t.upsert("west", 1L, "late", null, null));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void expiredRangesAreRefusedAndNameTheEarliest() throws IOException {
        try (TestTable t = history(13, 5);
                ChangelogReader slow = changelog(t, Start.fromSnapshot(3)).open()) {
            expireThrough(t, 4);
            var fresh = t.open();
            StreamhouseException gone =
                    assertThrows(StreamhouseException.class, () -> SnapshotAtTime.of(fresh, TestTable.EPOCH));
            assertEquals(ErrorCode.SNAPSHOT_EXPIRED, gone.code());
            assertTrue(gone.getMessage().endsWith(" 5"), gone.getMessage());
            assertEquals(
                    t.model.head(), SnapshotAtTime.of(fresh, t.clock.millis()).id());
            for (Start start : List.of(Start.fromSnapshot(5), Start.fullAt(4), Start.timestamp(TestTable.EPOCH))) {
                StreamhouseException e = assertThrows(
                        StreamhouseException.class,
                        () -> Changelog.of(fresh).from(start).open());
                assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code(), start.toString());
                String earliest = start instanceof Start.FullAt ? "5" : "6";
                assertTrue(e.getMessage().endsWith(" " + earliest), e.getMessage());
            }
            try (ChangelogReader reader =
                    Changelog.of(fresh).from(Start.earliest()).open()) {
                assertEquals(6, reader.poll(Duration.ZERO).snapshotId());
            }
            TableScanTest.refused(ErrorCode.SNAPSHOT_EXPIRED, () -> slow.poll(Duration.ZERO));
        }
    }

    @Test
    void aFileThatGoesWithItsSnapshotIsNoMissingFile() throws IOException {
        try (TestTable t = history(15, 5);
                ChangelogReader reader = changelog(t, Start.fullAt(4)).open();
                BatchScan scan = TableScan.of(t.table).snapshot(4).open()) {
            expireThrough(t, 4);
            for (var object : t.bytes.list("shop.db/orders/data")) {
                t.bytes.delete(object.path());
            }
            TableScanTest.refused(ErrorCode.SNAPSHOT_EXPIRED, scan::next);
            TableScanTest.refused(ErrorCode.SNAPSHOT_EXPIRED, () -> reader.poll(Duration.ZERO));
            TableScanTest.refused(ErrorCode.MISSING_FILE, () -> TestTable.rows(TableScan.of(t.open())));
        }
    }

    /** What an expirer does: a boundary, then the snapshots are gone. */
    private static void expireThrough(TestTable t, long id) throws IOException {
        String root = TestTable.NAME.database() + ".db/" + TestTable.NAME.table();
        String record = "{\"format-version\":1,\"expired-through\":%d}".formatted(id);
        byte[] line = record.getBytes(StandardCharsets.UTF_8);
        String trailer =
                "{\"length\":%d,\"crc32c\":\"%s\"}\n".formatted(line.length, Checksums.hex(Checksums.crc32c(line)));
        t.bytes.put(root + "/boundary/1", (record + "\n" + trailer).getBytes(StandardCharsets.UTF_8));
        for (long old = 1; old <= id; old++) {
            assertTrue(t.bytes.delete(root + "/snapshot/%020d.json".formatted(old)));
        }
    }

    @Test
    void plannersFindTheSameSplitsWhereverTheyBegin() throws IOException {
        try (TestTable t = history(14, 8)) {
            ChangelogPlanner inOrder = ChangelogPlanner.of(t.table, ChangelogShape.FULL);
            for (long id = 1; id <= t.model.head(); id++) {
                List<ChangeSplit> expected =
                        ChangelogPlanner.of(t.table, ChangelogShape.FULL).splitsOf(id);
                assertEquals(bytes(expected), bytes(inOrder.splitsOf(id)));
            }
            assertEquals(
                    bytes(ChangelogPlanner.of(t.table, ChangelogShape.FULL).fullSplitsOf(4)),
                    bytes(inOrder.fullSplitsOf(4)));
            for (ChangeSplit split : inOrder.splitsOf(t.model.head())) {
                assertTrue(split.rootBucket() < inOrder.rootBuckets());
            }
        }
    }

    private static List<String> bytes(List<ChangeSplit> splits) {
        return splits.stream()
                .map(s -> new String(ChangeSplitCodec.write(s), StandardCharsets.ISO_8859_1))
                .toList();
    }
}
