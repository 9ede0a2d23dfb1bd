package io.streamhouse.testkit.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which delta may be published when, told from whole lines of UUIDs instead of commit maps: the oracle of the identity
 * rule.
 */
final class TimelineOracle {
    /** As many UUIDs as a commit map keeps. */
    private static final int KEPT = 16;

    private final Map<String, Line> lines = new HashMap<>();
    private final Map<UUID, Long> snapshots = new HashMap<>();

    enum Answer {
        COMMIT,
        ALREADY,
        FENCED,
        REFUSED
    }

    private static final class Line {
        final List<UUID> published = new ArrayList<>();
        int epoch;
        long fencedAt;
        boolean closed;

        List<UUID> kept() {
            return published.subList(Math.max(0, published.size() - KEPT), published.size());
        }
    }

    private Line line(String user) {
        return lines.computeIfAbsent(user, u -> new Line());
    }

    Answer answer(SimulatedDelta delta) {
        Line line = line(delta.user());
        if (line.closed || line.kept().contains(delta.uuid())) {
            return Answer.ALREADY;
        }
        if (delta.identity().epoch() < line.epoch && delta.identity().identifier() > line.fencedAt) {
            return Answer.FENCED;
        }
        boolean next = last(delta.lineage()).equals(last(line.published));
        return next && delta.identity().epoch() <= line.epoch ? Answer.COMMIT : Answer.REFUSED;
    }

    private static Optional<UUID> last(List<UUID> uuids) {
        return uuids.isEmpty() ? Optional.empty() : Optional.of(uuids.get(uuids.size() - 1));
    }

    /** A delta appeared in a snapshot: it must have been its turn, on top of its own line and of no other. */
    void published(SimulatedDelta delta, long snapshot) {
        Answer answer = answer(delta);
        if (answer != Answer.COMMIT) {
            throw new AssertionError("%s was published, but is %s".formatted(delta.name(), answer));
        }
        Line line = line(delta.user());
        if (!line.published.equals(delta.lineage())) {
            throw new AssertionError("%s was published on a line of %d deltas, its own has %d: timelines are mixed"
                    .formatted(
                            delta.name(), line.published.size(), delta.lineage().size()));
        }
        line.published.add(delta.uuid());
        snapshots.put(delta.uuid(), snapshot);
        line.closed |= delta.identity().closesUser();
    }

    /** A FENCE appeared in the table. */
    void fenced(String user, int epoch, long checkpoint) {
        Line line = line(user);
        if (epoch != line.epoch + 1) {
            throw new AssertionError("fence of %s opened epoch %d after %d".formatted(user, epoch, line.epoch));
        }
        line.epoch = epoch;
        line.fencedAt = checkpoint;
    }

    /** Whether a state with these deltas continues what the table holds. */
    boolean continues(String user, List<UUID> lineage) {
        Line line = line(user);
        List<UUID> known = lineage.subList(Math.max(0, lineage.size() - KEPT), lineage.size());
        return line.published.isEmpty() || known.contains(line.published.get(line.published.size() - 1));
    }

    boolean isPublished(SimulatedDelta delta) {
        return line(delta.user()).published.contains(delta.uuid());
    }

    /** The snapshot of the newest of these deltas that is in the table; 0 if none is. */
    long newestSnapshot(List<UUID> lineage) {
        return lineage.stream()
                .mapToLong(d -> snapshots.getOrDefault(d, 0L))
                .max()
                .orElse(0);
    }

    boolean isClosed(String user) {
        return line(user).closed;
    }

    List<UUID> published(String user) {
        return List.copyOf(line(user).published);
    }
}
