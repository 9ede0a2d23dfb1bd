package io.streamhouse.write;

import io.streamhouse.catalog.FenceOutcome;
import io.streamhouse.catalog.RestoredState;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.storage.IdSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One job's line of deltas: its commit user, its epoch and the UUIDs of its last 16 deltas. An engine keeps
 * {@link #state()} in its checkpoints; every delta names its predecessor, so that two timelines of one user never mix.
 * One thread.
 */
public final class CommitTimeline {
    private static final int STATE_VERSION = 1;

    private final IdSource ids;
    private final boolean restored;
    private String user;
    private int epoch;
    private final List<UUID> lastDeltas;

    private CommitTimeline(IdSource ids, boolean restored, String user, int epoch, List<UUID> lastDeltas) {
        this.ids = ids;
        this.restored = restored;
        this.user = user;
        this.epoch = epoch;
        this.lastDeltas = new ArrayList<>(lastDeltas);
    }

    /** A timeline without past. */
    public static CommitTimeline fresh(CommitUser user, IdSource ids) {
        return new CommitTimeline(ids, false, user.resolve(ids), 0, List.of());
    }

    /** The timeline of a saved state; its user wins over any other. */
    public static CommitTimeline restore(byte[] state, IdSource ids) {
        ByteInput in = new ByteInput(state, "commit timeline state");
        int version = in.readByte();
        if (version != STATE_VERSION) {
            throw StreamhouseException.unknownVersion(in.object(), "state version " + version);
        }
        String user = in.readString();
        int epoch = in.readInt();
        int n = in.readCount(16);
        List<UUID> deltas = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            deltas.add(in.readUuid());
        }
        in.expectEnd();
        return new CommitTimeline(ids, true, user, epoch, deltas);
    }

    /** The state as versioned bytes. */
    public byte[] state() {
        ByteOutput out = new ByteOutput();
        out.writeByte(STATE_VERSION);
        out.writeString(user);
        out.writeVarint(epoch);
        out.writeVarint(lastDeltas.size());
        lastDeltas.forEach(out::writeUuid);
        return out.toByteArray();
    }

    /** The commit user. */
    public String user() {
        return user;
    }

    /** The epoch of this attempt, 0 before {@link #fence}. */
    public int epoch() {
        return epoch;
    }

    /**
     * Opens this attempt: publishes a FENCE snapshot, after which older attempts may only commit what the restored
     * checkpoint holds.
     *
     * @param restoredCheckpoint id of the restored checkpoint, 0 for none
     * @param policy what to do when the table has newer work of this user than the restored state: refuse with
     *     {@code OLDER_SAVEPOINT}, or go on under a fresh user
     */
    public void fence(SnapshotChain chain, long restoredCheckpoint, OlderSavepoint policy) throws IOException {
        RestoredState state = new RestoredState(user, epoch, lastDeltas, restoredCheckpoint, restored);
        FenceOutcome outcome = chain.fence(state, policy);
        if (outcome instanceof FenceOutcome.Refused refused) {
            throw new StreamhouseException(refused.code(), refused.message());
        }
        FenceOutcome.Opened opened = (FenceOutcome.Opened) outcome;
        if (!opened.user().equals(user)) {
            user = opened.user();
            lastDeltas.clear();
        }
        epoch = opened.epoch();
    }

    /** The next delta of this timeline, which becomes the predecessor of the one after it. */
    public CommitDelta next(long identifier, OptionalLong watermark, List<TableDelta> parts, boolean closesUser) {
        Optional<UUID> predecessor =
                lastDeltas.isEmpty() ? Optional.empty() : Optional.of(lastDeltas.get(lastDeltas.size() - 1));
        UUID delta = ids.next();
        lastDeltas.add(delta);
        if (lastDeltas.size() > UserState.KEPT_DELTAS) {
            lastDeltas.remove(0);
        }
        return new CommitDelta(
                new DeltaIdentity(user, epoch, identifier, delta, predecessor, closesUser), watermark, parts);
    }
}
