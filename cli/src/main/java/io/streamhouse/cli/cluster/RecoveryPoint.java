package io.streamhouse.cli.cluster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;

/**
 * A complete checkpoint or savepoint of a job on disk.
 *
 * @param checkpointId its id, ascending over all restores of a job; positive
 * @param path its directory
 * @param savepoint whether it was taken as a savepoint
 */
public record RecoveryPoint(long checkpointId, Path path, boolean savepoint) {
    private static final String METADATA = "_metadata";
    private static final String CHECKPOINT_PREFIX = "chk-";

    /**
     * The newest point that a job left behind: the one of the highest id among those with metadata, whichever of the
     * job's lives wrote it.
     *
     * @param run the run that the job belongs to
     * @param name the name under which it was submitted
     */
    public static Optional<RecoveryPoint> newest(RunDirectory run, String name) {
        try {
            List<RecoveryPoint> points = new ArrayList<>();
            for (Path job : children(FlinkClient.checkpoints(run.path(), name))) {
                for (Path checkpoint : children(job)) {
                    String directory = checkpoint.getFileName().toString();
                    if (directory.startsWith(CHECKPOINT_PREFIX) && Files.exists(checkpoint.resolve(METADATA))) {
                        long id = Long.parseLong(directory.substring(CHECKPOINT_PREFIX.length()));
                        points.add(new RecoveryPoint(id, checkpoint, false));
                    }
                }
            }
            for (Path savepoint : children(FlinkClient.savepoints(run.path(), name))) {
                if (Files.exists(savepoint.resolve(METADATA))) {
                    try {
                        points.add(ofSavepoint(savepoint));
                    } catch (NoSuchFileException e) {
                        // the job that owns it has just deleted it, because newer checkpoints are complete
                    }
                }
            }
            return points.stream().max(Comparator.comparingLong(RecoveryPoint::checkpointId));
        } catch (IOException e) {
            throw new UncheckedIOException("looking for checkpoints of %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    /**
     * The point at a savepoint's path; its id stands in its metadata alone.
     *
     * @throws IOException if there is no readable metadata
     */
    public static RecoveryPoint ofSavepoint(Path savepoint) throws IOException {
        Path metadata = savepoint.resolve(METADATA);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
            long id = Checkpoints.loadCheckpointMetadata(in, RecoveryPoint.class.getClassLoader(), savepoint.toString())
                    .getCheckpointId();
            return new RecoveryPoint(id, savepoint, true);
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
