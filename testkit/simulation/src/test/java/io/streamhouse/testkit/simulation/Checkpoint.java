package io.streamhouse.testkit.simulation;

import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.codec.CommitDeltaCodec;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.storage.IdSource;
import io.streamhouse.write.CommitTimeline;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A completed checkpoint of a job, as an engine keeps one, in a local file.
 *
 * @param round that it ends
 * @param state of the timeline behind the round
 * @param delta of the round, which may or may not have been committed
 */
public record Checkpoint(long round, byte[] state, CommitDelta delta) {
    /** What a file holds; empty if no round was completed. */
    public static Optional<Checkpoint> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ByteInput in = new ByteInput(Files.readAllBytes(file), file.toString());
        return Optional.of(
                new Checkpoint(in.readInt(), in.readBytes(), CommitDeltaCodec.read(in.readBytes(), file.toString())));
    }

    /** Where a job goes on: behind its checkpoint, or as a user that has committed nothing. */
    public static CommitTimeline timeline(Optional<Checkpoint> restored, String user, IdSource ids) {
        return restored.map(c -> CommitTimeline.restore(c.state, ids))
                .orElseGet(() -> CommitTimeline.fresh(CommitUser.named(user), ids));
    }

    /** Ends a round: what was written becomes the delta to be committed, once it is in the file. */
    public static CommitDelta complete(long round, CommitTimeline timeline, TableWriter writer, Path file)
            throws IOException {
        CommitDelta delta = timeline.next(
                round, OptionalLong.empty(), List.of(writer.flush().orElseThrow()), false);
        ByteOutput out = new ByteOutput();
        out.writeVarint(round);
        out.writeBytes(timeline.state());
        out.writeBytes(CommitDeltaCodec.write(delta));
        WholeFile.replace(file, out.toByteArray());
        return delta;
    }
}
