package io.streamhouse.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryPointTest {
    @TempDir
    Path directory;

    private RunDirectory run;

    @BeforeEach
    void claim() {
        run = RunDirectory.claim(directory.resolve("run"));
    }

    @Test
    void theHighestIdOfAllLivesAndKindsIsTheNewest() throws IOException {
        assertEquals(Optional.empty(), RecoveryPoint.newest(run, "DWD"));
        write("checkpoints/DWD/first-life/chk-9", 9);
        write("checkpoints/DWD/second-life/chk-10", 10);
        write("checkpoints/ODS/first-life/chk-99", 99);
        assertEquals(10, newest().checkpointId());
        Path savepoint = write("savepoints/DWD/savepoint-abc", 11);
        assertEquals(new RecoveryPoint(11, savepoint, true), newest());
        write("checkpoints/DWD/third-life/chk-12", 12);
        assertEquals(12, newest().checkpointId());
    }

    @Test
    void whatWasNotFinishedDoesNotCount() throws IOException {
        Path complete = write("checkpoints/DWD/life/chk-3", 3);
        Files.createDirectories(run.path().resolve("checkpoints/DWD/life/chk-4"));
        Files.createDirectories(run.path().resolve("checkpoints/DWD/life/shared"));
        Files.createDirectories(run.path().resolve("savepoints/DWD/savepoint-begun"));
        assertEquals(new RecoveryPoint(3, complete, false), newest());
    }

    private RecoveryPoint newest() {
        return RecoveryPoint.newest(run, "DWD").orElseThrow();
    }

    private Path write(String path, long id) throws IOException {
        Path point = Files.createDirectories(run.path().resolve(path));
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(point.resolve("_metadata")))) {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, List.of(), List.of()), out);
        }
        return point;
    }
}
