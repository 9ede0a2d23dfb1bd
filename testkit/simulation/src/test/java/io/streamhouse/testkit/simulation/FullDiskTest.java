package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.ExpiryReport;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.catalog.Table;
import io.streamhouse.compact.CompactionSettings;
import io.streamhouse.compact.TableCompactor;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.DataSize;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.write.TableWriter;
import io.streamhouse.write.WriterSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A disk without space, at every step of the work: an error that says so, nothing lost, and the work goes on. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    private static final Pattern STRUCK = Pattern.compile("/db\\.db/t/(\\w+)");

    private final ManualClock clock = ManualClock.atMillis(1_767_225_600_000L);

    @TempDir
    Path directory;

    private Components components(SmallDisk disk, long seed) {
        return PlainProgram.components(ObjectStores.local(disk.warehouse()), clock, seed);
    }

    private static StreamhouseException assertNoSpace(Executable work) {
        StreamhouseException e = assertThrows(StreamhouseException.class, work);
        assertEquals(ErrorCode.NO_SPACE, e.code(), e.getMessage());
        return e;
    }

    private static void assertNothingHalf(SmallDisk disk) throws IOException {
        assertEquals(
                List.of(),
                disk.files().stream()
                        .filter(f -> f.getFileName().toString().startsWith("."))
                        .toList());
    }

    /** The space ends a page later each time, so the data file fails first, then the snapshot, then nothing. */
    @Test
    void aWriterIsToldWhatDidNotFitAndGoesOnWhenThereIsSpaceAgain() throws Exception {
        long seed = Seeds.of("FullDiskTest");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 6)) {
            Table table = PlainProgram.create(components(disk, seed), Map.of());
            Set<String> struck = new TreeSet<>();
            int succeeded = 0;
            try (PlainProgram program = PlainProgram.start(table, seed, 60, 400)) {
                program.commitNext(60);
                for (int pages = 0; pages <= 20; pages++) {
                    disk.fill(pages);
                    program.draw(60);
                    boolean full = false;
                    while (!full) {
                        try {
                            program.commit();
                            succeeded++;
                            program.draw(60);
                        } catch (StreamhouseException e) {
                            assertEquals(ErrorCode.NO_SPACE, e.code(), e.getMessage());
                            Matcher m = STRUCK.matcher(e.getMessage());
                            assertTrue(m.find(), e.getMessage());
                            struck.add(m.group(1));
                            full = true;
                        }
                    }
                    assertNothingHalf(disk);
                    // what is full can still be read, and shows what was acknowledged
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                    disk.free();
                    program.goOn();
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                }
                assertEquals(
                        program.acknowledged(), PlainProgram.folded(PlainProgram.open(components(disk, seed + 1))));
            }
            assertTrue(struck.containsAll(List.of("data", "snapshot")), struck + " failed, seed " + seed);
            assertTrue(succeeded > 0, "no commit fitted, seed " + seed);
            // nothing but what snapshots name, however often a commit was tried
            Set<String> named = new TreeSet<>();
            Table opened = PlainProgram.open(components(disk, seed + 1));
            long head = opened.snapshots().latest().orElseThrow().id();
            for (long id = 1; id <= head; id++) {
                opened.snapshots()
                        .tree(opened.snapshots().snapshot(id))
                        .entries()
                        .forEach(entry -> named.add(entry.file().object().path()));
            }
            opened.components()
                    .store()
                    .list("data")
                    .forEach(object -> assertTrue(named.contains(object.path()), "left behind: " + object.path()));
        }
    }

    /** A delta of several files of which the last does not fit leaves none of them. */
    @Test
    void aDeltaThatFitsOnlyInPartTakesItsFilesBack() throws Exception {
        long seed = Seeds.of("FullDiskTest");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 40)) {
            Table table = PlainProgram.create(components(disk, seed), Map.of());
            try (PlainProgram program = PlainProgram.start(table, seed, 6_000, 6_000)) {
                program.commitNext(100);
                List<Path> before = disk.files();
                // two slices above 8 MiB and so two files; the first fits
                disk.fill(2_400);
                program.draw(12_000);
                assertNoSpace(program::commit);
                assertEquals(before, disk.files());
                disk.free();
                program.goOn();
                program.check(PlainProgram.open(components(disk, seed + 1)));
                assertTrue(disk.files().size() > before.size() + 2, "it was one file: " + disk.files());
            }
        }
    }

    @Test
    void compactionLeavesNothingAndExpiryGivesSpaceBackOnAFullDisk() throws Exception {
        long seed = Seeds.of("FullDiskTest");
        Map<String, String> options = Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 6)) {
            Table table = PlainProgram.create(components(disk, seed), options);
            try (PlainProgram program = PlainProgram.start(table, seed, 60, 400)) {
                for (int i = 0; i < 12; i++) {
                    clock.advance(Duration.ofSeconds(1));
                    program.commitNext(60);
                }
                disk.fill(1);
                List<Path> before = disk.files();
                try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()))) {
                    assertNoSpace(compactor::runUntilDone);
                    assertEquals(before, disk.files());
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                    disk.free();
                    assertTrue(compactor.runUntilDone().published() > 0);
                }
                program.check(PlainProgram.open(components(disk, seed + 1)));
                SnapshotExpiry expiry = table.expiry();
                disk.fill(0);
                before = disk.files();
                assertNoSpace(expiry::run);
                assertEquals(before, disk.files());
                program.check(PlainProgram.open(components(disk, seed + 1)));
                disk.free();
                assertTrue(expiry.run().expired() > 0);
                clock.advance(SnapshotExpiry.GRACE.plusSeconds(1));
                disk.fill(0);
                long usable = Files.getFileStore(disk.warehouse()).getUsableSpace();
                ExpiryReport report = expiry.run();
                assertTrue(report.objects() >= 12, report.toString());
                assertTrue(Files.getFileStore(disk.warehouse()).getUsableSpace() > usable + 12 * SmallDisk.PAGE_BYTES);
                program.commitNext(5); // into what expiry has given back
                program.check(PlainProgram.open(components(disk, seed + 1)));
            }
        }
    }

    /** Long readers write leases; on a full disk they read without. */
    @Test
    void readersThatTakeLongReadAFullDisk() throws Exception {
        long seed = Seeds.of("FullDiskTest");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 6)) {
            Table table = PlainProgram.create(components(disk, seed), Map.of());
            try (PlainProgram program = PlainProgram.start(table, seed, 60, 400)) {
                program.commitNext(60);
                program.commitNext(60);
                disk.fill(0);
                Table reader = PlainProgram.open(components(disk, seed + 1));
                try (BatchScan scan = TableScan.of(reader).open();
                        ChangelogReader changes =
                                Changelog.of(reader).from(Start.earliest()).open()) {
                    assertEquals(program.acknowledged().size(), PlainProgram.readSlowly(clock, scan, changes));
                    assertEquals(4, changes.position().snapshotId());
                    disk.free();
                    program.commitNext(60);
                    clock.advance(Duration.ofSeconds(30));
                    changes.poll(Duration.ZERO);
                    assertEquals(
                            1, reader.components().store().list("consumers").size());
                    disk.fill(0);
                } // gives a lease back where there is no space
            }
        }
    }

    @Test
    void aWriterWhoseLocalDiskIsFullIsOfNoMoreUseAndItsRowsWereNotAcknowledged() throws Exception {
        long seed = Seeds.of("FullDiskTest");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 2)) {
            Table table = PlainProgram.create(PlainProgram.components(ObjectStores.memory(), clock, seed), Map.of());
            Path spill = disk.warehouse().resolve("spill");
            Files.createDirectories(spill);
            WriterSettings settings = new WriterSettings(0, 1, new DataSize(64 << 10), spill);
            disk.fill(20);
            try (TableWriter writer = TableWriter.forEngine(table, settings)) {
                assertNoSpace(() -> write(writer, 20_000));
                assertThrows(IllegalStateException.class, () -> write(writer, 1));
                assertThrows(IllegalStateException.class, writer::flush);
            }
            assertEquals(List.of(), disk.files(), "rows of a closed writer");
            disk.free();
            try (TableWriter writer = TableWriter.forEngine(table, settings)) {
                write(writer, 20_000);
                assertTrue(writer.spilledRuns() > 0);
                TableDelta delta = writer.flush().orElseThrow();
                assertEquals(
                        20_000,
                        delta.files().stream().mapToLong(f -> f.rowCount()).sum());
            }
            assertTrue(table.snapshots().latest().isEmpty());
        }
    }

    private static void write(TableWriter writer, int rows) throws IOException {
        for (long i = 0; i < rows; i++) {
            String text = UUID.nameUUIDFromBytes(Long.toString(i).getBytes(StandardCharsets.US_ASCII))
                    .toString();
            writer.write(RowKind.INSERT, Row.of(i, text));
        }
    }
}
