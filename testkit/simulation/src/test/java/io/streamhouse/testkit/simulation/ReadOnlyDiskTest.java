package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalogs;
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
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A file system that becomes read-only under a running program, as Linux does after an error of the disk. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ReadOnlyDiskTest {
    private final ManualClock clock = ManualClock.atMillis(1_767_225_600_000L);

    @TempDir
    Path directory;

    private Components components(SmallDisk disk, long seed) {
        return PlainProgram.components(ObjectStores.local(disk.warehouse()), clock, seed);
    }

    private static void assertNoPermission(Executable work) {
        StreamhouseException e = assertThrows(StreamhouseException.class, work);
        assertEquals(ErrorCode.NO_PERMISSION, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains("Read-only file system"), e.getMessage());
        assertTrue(e.getMessage().contains("/warehouse/"), e.getMessage());
    }

    @Test
    void everyWriteSaysSoEveryReadWorksAndTheWorkGoesOnAfterwards() throws Exception {
        long seed = Seeds.of("ReadOnlyDiskTest");
        Map<String, String> options = Map.of("snapshot.time-retained", "0 s", "snapshot.num-retained.min", "1");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 6)) {
            Table table = PlainProgram.create(components(disk, seed), options);
            try (PlainProgram program = PlainProgram.start(table, seed, 60, 400)) {
                for (int i = 0; i < 12; i++) {
                    clock.advance(Duration.ofSeconds(1));
                    program.commitNext(60);
                }
                Table reader = PlainProgram.open(components(disk, seed + 1));
                SnapshotExpiry expiry = table.expiry();
                try (TableCompactor compactor = TableCompactor.open(table, CompactionSettings.of(table.schema()));
                        BatchScan scan = TableScan.of(reader).open();
                        ChangelogReader changes =
                                Changelog.of(reader).from(Start.earliest()).open()) {
                    var prepared = compactor.rewrite(compactor.plan().orElseThrow());
                    List<Path> before = disk.files();
                    disk.remount(false);
                    program.draw(60);
                    assertNoPermission(program::commit);
                    assertNoPermission(() -> PlainProgram.start(table, seed, 60, 400));
                    assertNoPermission(() -> compactor.publish(prepared));
                    assertNoPermission(() -> compactor.rewrite(compactor.plan().orElseThrow()));
                    assertNoPermission(expiry::run);
                    assertNoPermission(
                            () -> Catalogs.open(components(disk, seed + 2)).createDatabase("other", true));
                    assertNoPermission(
                            () -> Catalogs.open(components(disk, seed + 2)).dropTable(PlainProgram.NAME, false));
                    assertEquals(before, disk.files());
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                    assertEquals(
                            program.acknowledged(), PlainProgram.folded(PlainProgram.open(components(disk, seed + 1))));
                    // readers that take so long that they would write a lease
                    assertEquals(program.acknowledged().size(), PlainProgram.readSlowly(clock, scan, changes));
                    assertEquals(14, changes.position().snapshotId());
                    disk.remount(true);
                    program.goOn();
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                    compactor.publish(prepared);
                    program.check(PlainProgram.open(components(disk, seed + 1)));
                    assertTrue(expiry.run().expired() > 0);
                    program.commitNext(60);
                }
                program.check(PlainProgram.open(components(disk, seed + 1)));
            }
        }
    }

    /** A lease that stands when the disk becomes read-only cannot be given back; the read was right all the same. */
    @Test
    void aReaderClosesOnAReadOnlyDiskWithItsLeaseStanding() throws Exception {
        long seed = Seeds.of("ReadOnlyDiskTest");
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 6)) {
            Table table = PlainProgram.create(components(disk, seed), Map.of());
            try (PlainProgram program = PlainProgram.start(table, seed, 60, 400)) {
                program.commitNext(60);
                try (BatchScan scan = TableScan.of(PlainProgram.open(components(disk, seed + 1)))
                        .open()) {
                    clock.advance(Duration.ofMinutes(1));
                    assertEquals(program.acknowledged().size(), scan.next().selectedCount());
                    assertEquals(1, table.components().store().list("consumers").size());
                    disk.remount(false);
                }
                disk.remount(true);
                program.commitNext(60);
                program.check(table);
            }
        }
    }
}
