package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.compact.CompactionOutcome;
import io.streamhouse.compact.CompactionResult;
import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.PositionMapCodec;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.testkit.TableModel;
import io.streamhouse.testkit.TableModel.Write;
import io.streamhouse.testkit.simulation.VisibleTable.Place;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Looks at every snapshot as soon as it stands, through a connection of its own that never fails: who published it, was it
 * their turn, and are rows, counts, digest and changes those of the model?
 */
final class ChainJudge implements AutoCloseable {
    private final Table table;
    private final TableModel model = new TableModel(TableModel.naturalOrder());
    private final TimelineOracle timelines = new TimelineOracle();
    private final Map<UUID, SimulatedDelta> deltas = new HashMap<>();
    private final Map<UUID, String> names = new HashMap<>();
    private final Map<UUID, Correction> corrections = new HashMap<>();
    private final Map<Long, SnapshotKind> kinds = new HashMap<>();
    private final Set<FenceIntent> fenceIntents = new HashSet<>();
    private final Set<UUID> compacted = new HashSet<>();
    private final KeyDigests digests;
    private final RowsJudge rows;
    private final StandingFiles files;
    private final Tally tally;
    private final Trace trace;
    private Snapshot newest;

    /** An attempt that asked for a fence. */
    private record FenceIntent(String user, long checkpoint, List<UUID> lineage, boolean freshUser) {}

    ChainJudge(Table table, int keyColumns, RandomGenerator random, Tally tally, Trace trace) throws IOException {
        this.table = table;
        this.tally = tally;
        this.trace = trace;
        this.digests = new KeyDigests(table.schema());
        this.rows = new RowsJudge(table, keyColumns, digests, model, random, tally, trace);
        this.files = new StandingFiles(table);
    }

    TimelineOracle timelines() {
        return timelines;
    }

    /** Id of the newest snapshot judged. */
    long head() {
        return model.head();
    }

    /** Id of the oldest snapshot that can be read, or of the first one to come. */
    long earliest() throws IOException {
        return table.snapshots().earliestId().orElse(1);
    }

    /** Rows that somebody read must be those of the snapshot. */
    void requireRows(long snapshot, NavigableMap<List<Object>, List<Object>> rows) {
        model.checkRows(snapshot, rows);
    }

    /** What somebody takes for the newest snapshot must be on the chain, and not older than one that stood before. */
    void requireNewest(Optional<Snapshot> found, long before) throws IOException {
        long id = found.map(Snapshot::id).orElse(0L);
        require(id >= before, "snapshot %d is taken for the newest, snapshot %d stood before", id, before);
        if (id > 0) {
            Snapshot real = table.snapshots().snapshot(id);
            boolean same =
                    real.header().commitUuid().equals(found.get().header().commitUuid());
            require(same, "snapshot %d is taken for the newest, but is not that of the chain", id);
        }
    }

    /** What the snapshots that can be read name. */
    StandingFiles files() {
        return files;
    }

    /** Short name of a delta. */
    String name(UUID delta) {
        return names.computeIfAbsent(delta, d -> "d" + (names.size() + 1));
    }

    /** A writer has made this delta; nothing is published yet. */
    void register(SimulatedDelta delta) {
        deltas.put(delta.uuid(), delta);
    }

    /** Somebody is about to correct what the table holds. */
    void register(SimulatedDelta delta, Correction correction) {
        register(delta);
        corrections.put(delta.uuid(), correction);
    }

    /** Rows of the newest snapshot judged. */
    NavigableMap<List<Object>, List<Object>> rows() {
        return model.rows(head());
    }

    /** Where these rows stand: file and position of each, as a reader sees them. */
    NavigableMap<List<Object>, Place> places() {
        return rows.places();
    }

    /** What the corrections may look at. */
    Correction.Past past() {
        return new Correction.Past(model, kinds);
    }

    SimulatedDelta delta(UUID uuid) {
        return deltas.get(uuid);
    }

    /** An attempt is about to ask for a fence. */
    void intendFence(String user, long checkpoint, List<UUID> lineage, boolean freshUser) {
        fenceIntents.add(new FenceIntent(user, checkpoint, List.copyOf(lineage), freshUser));
    }

    /** Judges every snapshot that came since the last look. */
    void look() throws IOException {
        long next = head() + 1;
        while (table.components().store().size(slot(next)) >= 0) {
            judge(table.snapshots().snapshot(next));
            next++;
        }
    }

    /** Every snapshot that was judged and can be read stands, with its files. */
    void requireStanding() throws IOException {
        for (long id = earliest(); id <= head(); id++) {
            require(table.components().store().size(slot(id)) >= 0, "snapshot %d has gone", id);
        }
        files.requireAll();
    }

    private static String slot(long id) {
        String digits = Long.toString(id);
        return "snapshot/" + "0".repeat(20 - digits.length()) + digits + ".json";
    }

    private void judge(Snapshot snapshot) throws IOException {
        long id = snapshot.id();
        require(id == head() + 1, "snapshot %d stands in slot %d", id, head() + 1);
        require(
                snapshot.header().parentId() == id - 1,
                "snapshot %d has parent %d",
                id,
                snapshot.header().parentId());
        require(newest == null || snapshot.timeMillis() >= newest.timeMillis(), "time went back in snapshot %d", id);
        Cleaned cleaned = newest == null ? Cleaned.NOTHING : newest.cleaned();
        boolean announces = !snapshot.cleaned().equals(cleaned);
        require(snapshot.cleaned().equals(snapshot.cleaned().and(cleaned)), "snapshot %d forgets what was cleaned", id);
        if (snapshot.kind() == SnapshotKind.FENCE) {
            judgeFence(snapshot);
            model.commitNothing();
            rows.judge(snapshot);
        } else if (snapshot.kind() == SnapshotKind.COMPACT) {
            if (announces) {
                judgeAnnouncement(snapshot);
            } else {
                judgeCompaction(snapshot);
            }
            model.commitNothing();
            rows.judge(snapshot);
        } else {
            SimulatedDelta delta = judgeDelta(snapshot);
            Correction correction = corrections.get(delta.uuid());
            if (correction == null) {
                judgeWrites(snapshot, delta);
            } else {
                judgeCorrection(snapshot, delta, correction);
            }
        }
        kinds.put(id, snapshot.kind());
        files.verify(snapshot);
        trace.mix(snapshot.header().commitUuid().hashCode());
        trace.mix(snapshot.totals().digest().low());
        tally.add(HistoryEvent.SNAPSHOTS_CHECKED);
        newest = snapshot;
    }

    private void judgeWrites(Snapshot snapshot, SimulatedDelta delta) throws IOException {
        NavigableMap<List<Object>, List<Object>> old = model.rows(head());
        model.commit(delta.writes());
        rows.judge(snapshot);
        judgeCounts(snapshot, delta, old);
        judgeDeletes(snapshot, delta);
    }

    private void judgeCorrection(Snapshot snapshot, SimulatedDelta delta, Correction correction) throws IOException {
        NavigableMap<List<Object>, List<Object>> old = model.rows(head());
        List<Write> effect = correction.effect(past());
        model.commit(effect);
        rows.judge(snapshot);
        require(
                snapshot.kind() == correction.kind(),
                "snapshot %d, %s, is of kind %s",
                snapshot.id(),
                delta.name(),
                snapshot.kind());
        switch (correction.kind()) {
            case ROW_DELTA -> {
                SimulatedDelta left = new SimulatedDelta(delta.name(), delta.identity(), delta.lineage(), effect);
                judgeCounts(snapshot, left, old);
                judgeDeletes(snapshot, left);
            }
            case OVERWRITE -> {
                long inserted = effect.stream().filter(w -> w.row().isPresent()).count();
                require(
                        snapshot.change().counts().inserted() == inserted,
                        "snapshot %d counts %d new rows, expected %d",
                        snapshot.id(),
                        snapshot.change().counts().inserted(),
                        inserted);
            }
            default -> {}
        }
        correction.tally(tally, effect);
    }

    private void judgeFence(Snapshot snapshot) {
        String user = snapshot.author().user();
        long checkpoint = snapshot.author().identifier();
        UserState state = snapshot.commits().users().get(user);
        boolean known = fenceIntents.stream().anyMatch(f -> f.user().equals(user));
        boolean wanted = fenceIntents.stream()
                .anyMatch(f -> known
                        ? f.user().equals(user)
                                && f.checkpoint() == checkpoint
                                && timelines.continues(user, f.lineage())
                        : f.freshUser() && checkpoint == 0);
        require(wanted, "nobody may fence %s at checkpoint %d", user, checkpoint);
        timelines.fenced(user, state.epoch(), checkpoint);
        require(snapshot.change().counts().equals(DeltaCounts.ZERO), "fence %d counts rows", snapshot.id());
        trace.note("snapshot %d: FENCE epoch %d at checkpoint %d", snapshot.id(), state.epoch(), checkpoint);
        tally.add(HistoryEvent.FENCES);
    }

    /** A cleaner says what it may take, and nothing else changes. */
    private void judgeAnnouncement(Snapshot snapshot) {
        long id = snapshot.id();
        require(snapshot.author().equals(Snapshot.Author.NOBODY), "announcement %d has an author", id);
        require(snapshot.commits().equals(newest.commits()), "announcement %d changes the commit map", id);
        require(snapshot.change().equals(CommitChange.NONE), "announcement %d changes rows", id);
        require(snapshot.tree().lastRemovalIn() < id, "announcement %d changes the tree", id);
        tally.add(HistoryEvent.ANNOUNCEMENTS);
        trace.note("snapshot %d: %s", id, snapshot.cleaned());
    }

    /** It has no author, leaves users and totals alone, and says where every row went. */
    private void judgeCompaction(Snapshot snapshot) throws IOException {
        long id = snapshot.id();
        require(snapshot.author().equals(Snapshot.Author.NOBODY), "compaction %d has an author", id);
        require(snapshot.commits().equals(newest.commits()), "compaction %d changes the commit map", id);
        require(snapshot.change().counts().equals(DeltaCounts.ZERO), "compaction %d counts rows", id);
        require(snapshot.tree().lastRemovalIn() == id, "compaction %d removes nothing", id);
        Set<UUID> outputs = new HashSet<>();
        Set<UUID> live = new HashSet<>();
        for (FileEntry entry : table.snapshots().tree(snapshot).entries()) {
            live.add(entry.file().object().id());
            if (entry.addedIn() == id) {
                outputs.add(entry.file().object().id());
            }
        }
        Set<UUID> named = new HashSet<>();
        if (snapshot.change().positionMap().isPresent()) {
            byte[] bytes = ColumnFiles.readBlock(
                    table.components().store(), snapshot.change().positionMap().get());
            PositionMap map = PositionMapCodec.read(bytes, "position map of snapshot " + id);
            map.outputs().forEach(o -> named.add(o.file()));
            map.inputs().forEach(i -> require(!live.contains(i.file()), "compaction %d leaves an input", id));
        }
        require(named.equals(outputs), "compaction %d adds other files than its map names", id);
        compacted.addAll(outputs);
        long masked = snapshot.tree().segments().stream()
                .filter(ref -> ref.fromSnapshot() == id)
                .mapToLong(SegmentRef::positions)
                .sum();
        tally.add(HistoryEvent.COMPACTIONS);
        tally.add(HistoryEvent.TRANSLATED_MASKS, masked);
        trace.note("snapshot %d: COMPACT into %d files, %d positions masked meanwhile", id, outputs.size(), masked);
    }

    /** Checks what a compactor was told, right after it was told. */
    void judgeOutcome(CompactionResult result, CompactionOutcome outcome) throws IOException {
        look();
        boolean published = result.outputs().stream()
                .anyMatch(f -> compacted.contains(f.object().id()));
        if (outcome instanceof CompactionOutcome.Published) {
            require(published || result.outputs().isEmpty(), "a compaction was acknowledged, but is not in the table");
        } else if (outcome instanceof CompactionOutcome.Lost) {
            require(!published, "a compaction has lost, but is in the table");
        }
    }

    private SimulatedDelta judgeDelta(Snapshot snapshot) {
        UserState state = snapshot.commits().users().get(snapshot.author().user());
        UUID uuid = state.newestDelta().orElseThrow();
        SimulatedDelta delta = deltas.get(uuid);
        require(delta != null, "snapshot %d holds delta %s, which nobody wrote", snapshot.id(), uuid);
        trace.note(
                "snapshot %d: %s, %d conflicts, %d rows looked at",
                snapshot.id(),
                delta.name(),
                snapshot.change().conflicts(),
                snapshot.change().examinedRows());
        timelines.published(delta, snapshot.id());
        tally.add(HistoryEvent.COMMITS);
        tally.add(HistoryEvent.CONFLICTS, snapshot.change().conflicts());
        tally.add(HistoryEvent.EXAMINED_ROWS, snapshot.change().examinedRows());
        return delta;
    }

    private void judgeCounts(Snapshot snapshot, SimulatedDelta delta, NavigableMap<List<Object>, List<Object>> old) {
        long inserted = 0;
        long updated = 0;
        long deleted = 0;
        KeyDigest insertedKeys = KeyDigest.ZERO;
        KeyDigest deletedKeys = KeyDigest.ZERO;
        for (Write write : delta.writes()) {
            boolean there = old.containsKey(write.key());
            if (write.row().isPresent()) {
                inserted += there ? 0 : 1;
                updated += there ? 1 : 0;
                insertedKeys = there ? insertedKeys : insertedKeys.plus(digests.of(write.key()));
            } else if (there) {
                deleted++;
                deletedKeys = deletedKeys.plus(digests.of(write.key()));
            }
        }
        DeltaCounts expected = new DeltaCounts(inserted, updated, deleted, insertedKeys, deletedKeys);
        DeltaCounts actual = snapshot.change().counts();
        require(expected.equals(actual), "snapshot %d counts %s, expected %s", snapshot.id(), actual, expected);
    }

    /** The keys of all deletes are published, found or not. */
    private void judgeDeletes(Snapshot snapshot, SimulatedDelta delta) throws IOException {
        KeyDigest expected = digests.ofDeletes(delta.writes());
        KeyDigest actual = KeyDigest.ZERO;
        for (BlockRef ref : snapshot.change().deletes()) {
            byte[] bytes = ColumnFiles.readBlock(table.components().store(), ref);
            KeyColumn keys = DeleteBlockCodec.read(bytes, "delete block of snapshot " + snapshot.id())
                    .keys();
            actual = actual.plus(keys.digest(0, keys.size()));
        }
        require(expected.equals(actual), "snapshot %d publishes other deletes than %s", snapshot.id(), delta.name());
    }

    /** Checks what a committer was told, right after it was told. */
    void judgeOutcome(SimulatedDelta delta, CommitOutcome outcome, long headBefore, TimelineOracle.Answer expected)
            throws IOException {
        look();
        TimelineOracle.Answer answer = answer(outcome);
        boolean published = timelines.isPublished(delta);
        switch (answer) {
            case COMMIT -> require(published, "%s was acknowledged, but is not in the table", delta.name());
            case ALREADY ->
                require(
                        published || timelines.isClosed(delta.user()),
                        "%s is AlreadyCommitted, but not in the table",
                        delta.name());
            case FENCED, REFUSED ->
                require(
                        !published || timelines.answer(delta) != TimelineOracle.Answer.ALREADY,
                        "%s is %s, but in the table",
                        delta.name(),
                        answer);
        }
        // with others at work the answer may have been given at any of the heads in between
        require(headBefore < head() || answer == expected, "%s is %s, expected %s", delta.name(), answer, expected);
    }

    private static TimelineOracle.Answer answer(CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Committed) {
            return TimelineOracle.Answer.COMMIT;
        } else if (outcome instanceof CommitOutcome.AlreadyCommitted) {
            return TimelineOracle.Answer.ALREADY;
        } else if (outcome instanceof CommitOutcome.Fenced) {
            return TimelineOracle.Answer.FENCED;
        } else if (outcome instanceof CommitOutcome.Refused) {
            return TimelineOracle.Answer.REFUSED;
        }
        throw new AssertionError("a committer answered " + outcome);
    }

    /** What the judges of one history say of a wrong table. */
    static void require(boolean holds, String format, Object... values) {
        if (!holds) {
            throw new AssertionError(format.formatted(values));
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
