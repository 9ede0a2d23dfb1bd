package io.streamhouse.catalog;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.UserState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who may commit what on a commit map: the one place where this is decided. Pure and without state; a class that tests
 * derive from, so that a rule left out is shown to matter.
 *
 * @see "spec/commit.md, section Commit identity"
 */
class IdentityRule {
    /** Users that a commit map keeps whatever their age: this many open ones and this many closed ones, the newest. */
    static final int KEPT_USERS = 100;
    /** Closed users that a commit map keeps at most, however young. */
    static final int MAX_CLOSED_USERS = 10_000;
    /** A user closed for less than this is kept: its statement may not have heard yet that it was committed. */
    static final Duration YOUNG_CLOSED_USER = Duration.ofHours(1);
    /** An open user without commit or fence for more than this may be dropped. */
    static final Duration IDLE_USER = Duration.ofDays(30);

    /** The rule, or what is left of it. */
    static IdentityRule of(Protections protections) {
        return protections.equals(Protections.ALL) ? new IdentityRule() : new WeakenedIdentity(protections);
    }

    /** Whether a delta may be published on this map. */
    CommitVerdict decide(CommitMap map, DeltaIdentity id) {
        Optional<UserState> known = map.user(id.user());
        if (known.isEmpty()) {
            return decideUnknown(id);
        }
        UserState state = known.get();
        if (state.closed() || state.lastDeltas().contains(id.delta())) {
            return new CommitVerdict.Already();
        }
        if (id.epoch() > state.epoch()) {
            return refused("delta %s of user '%s' has epoch %d, the table knows epoch %d only"
                    .formatted(id.delta(), id.user(), id.epoch(), state.epoch()));
        }
        if (isFenced(state, id)) {
            return new CommitVerdict.Fenced(
                    "checkpoint %d of epoch %d of commit user '%s': epoch %d has taken over from checkpoint %d"
                            .formatted(id.identifier(), id.epoch(), id.user(), state.epoch(), state.fencedAt()));
        }
        return follows(state, id)
                ? new CommitVerdict.Go()
                : refused("delta %s of user '%s' follows %s, but the newest committed delta is %s"
                        .formatted(id.delta(), id.user(), name(id.predecessor()), name(state.newestDelta())));
    }

    private static CommitVerdict decideUnknown(DeltaIdentity id) {
        if (id.epoch() > 0 || id.predecessor().isPresent()) {
            return refused(
                    "user '%s' (epoch %d) is not in the table's commit map: it was idle for more than %d days, or"
                                    .formatted(id.user(), id.epoch(), IDLE_USER.toDays())
                            + " the table was made anew");
        }
        return new CommitVerdict.Go();
    }

    /** An older epoch may still commit what the restored checkpoint of the current epoch holds. */
    boolean isFenced(UserState state, DeltaIdentity id) {
        return id.epoch() < state.epoch() && id.identifier() > state.fencedAt();
    }

    /** A delta goes directly on top of the last one of its own timeline. */
    boolean follows(UserState state, DeltaIdentity id) {
        return id.predecessor().equals(state.newestDelta());
    }

    /** Why a state may not take over its user, or empty. */
    Optional<CommitVerdict.Refused> objection(CommitMap map, RestoredState state) {
        Optional<UserState> known = map.user(state.user());
        if (known.isEmpty()) {
            return state.lastDeltas().isEmpty()
                    ? Optional.empty()
                    : Optional.of(older(
                            state,
                            "the table does not know the user (idle for more than %d days, or the table was made anew)"
                                    .formatted(IDLE_USER.toDays())));
        }
        UserState user = known.get();
        if (user.closed()) {
            return Optional.of(older(state, "the user was closed by a batch statement"));
        }
        Optional<UUID> newest = user.newestDelta();
        if (newest.isPresent() && !state.lastDeltas().contains(newest.get())) {
            return Optional.of(older(
                    state,
                    "the table's newest delta of the user is %s (checkpoint %d, epoch %d)"
                            .formatted(newest.get(), user.lastIdentifier(), user.epoch())));
        }
        return Optional.empty();
    }

    private static CommitVerdict.Refused older(RestoredState state, String found) {
        String own = state.restored()
                ? "the restored state is that of checkpoint %d, epoch %d".formatted(state.checkpoint(), state.epoch())
                : "this start has no state";
        return new CommitVerdict.Refused(
                ErrorCode.OLDER_SAVEPOINT,
                ("commit user '%s': %s, but %s; restore the newest checkpoint, or set commit.on-older-savepoint = new-user"
                                + " to go on under a fresh commit user, which leaves what was committed in the table")
                        .formatted(state.user(), own, found));
    }

    /** The user's state after a FENCE. */
    UserState fenced(CommitMap map, RestoredState restored, long timeMillis) {
        UserState old = map.user(restored.user()).orElseGet(() -> fresh(0, timeMillis));
        return new UserState(
                Math.max(old.epoch(), restored.epoch()) + 1,
                restored.checkpoint(),
                old.lastIdentifier(),
                old.lastDeltas(),
                old.watermark(),
                timeMillis,
                false);
    }

    /** The user's state after a delta. */
    static UserState committed(CommitMap map, DeltaIdentity id, OptionalLong watermark, long timeMillis) {
        UserState old = map.user(id.user()).orElseGet(() -> fresh(id.epoch(), timeMillis));
        List<UUID> deltas = new ArrayList<>(old.lastDeltas());
        deltas.add(id.delta());
        int from = Math.max(0, deltas.size() - UserState.KEPT_DELTAS);
        return new UserState(
                old.epoch(),
                old.fencedAt(),
                id.identifier(),
                deltas.subList(from, deltas.size()),
                watermark.isPresent() ? watermark : old.watermark(),
                timeMillis,
                old.closed() || id.closesUser());
    }

    private static UserState fresh(int epoch, long timeMillis) {
        return new UserState(epoch, 0, 0, List.of(), OptionalLong.empty(), timeMillis, false);
    }

    /**
     * The map with one user's new state, without users that time has left behind.
     *
     * @param parentMillis commit time of the parent snapshot, by which the others are aged; not the own clock, because one
     *     that is far ahead would drop every user at once
     */
    static CommitMap with(CommitMap map, String user, UserState state, long parentMillis) {
        Map<String, UserState> kept = new TreeMap<>(map.users());
        kept.remove(user);
        List<Map.Entry<String, UserState>> open = oldestFirst(kept, false);
        int surplus = open.size() + (state.closed() ? 0 : 1) - KEPT_USERS;
        for (int i = 0; i < surplus && age(open.get(i), parentMillis) > IDLE_USER.toMillis(); i++) {
            kept.remove(open.get(i).getKey());
        }
        List<Map.Entry<String, UserState>> closed = oldestFirst(kept, true);
        int all = closed.size() + (state.closed() ? 1 : 0);
        for (int i = 0; i < all - KEPT_USERS; i++) {
            boolean isYoung = age(closed.get(i), parentMillis) < YOUNG_CLOSED_USER.toMillis();
            if (isYoung && all - i <= MAX_CLOSED_USERS) {
                break;
            }
            kept.remove(closed.get(i).getKey());
        }
        kept.put(user, state);
        return new CommitMap(kept);
    }

    private static long age(Map.Entry<String, UserState> user, long parentMillis) {
        return parentMillis - user.getValue().timeMillis();
    }

    private static List<Map.Entry<String, UserState>> oldestFirst(Map<String, UserState> users, boolean closed) {
        return users.entrySet().stream()
                .filter(e -> e.getValue().closed() == closed)
                .map(e -> Map.entry(e.getKey(), e.getValue())) // a tree map moves its own entries when one goes
                .sorted(Comparator.comparingLong(e -> e.getValue().timeMillis()))
                .toList();
    }

    private static CommitVerdict.Refused refused(String message) {
        return new CommitVerdict.Refused(ErrorCode.COMMIT_REFUSED, message);
    }

    private static String name(Optional<UUID> delta) {
        return delta.map(UUID::toString).orElse("none");
    }
}
