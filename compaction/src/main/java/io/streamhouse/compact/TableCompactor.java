package io.streamhouse.compact;

import io.streamhouse.catalog.CommitOutcome;
import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.SnapshotDraft;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.lake.BucketId;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.ContentType;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.PositionMap;
import io.streamhouse.spec.table.Slice;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.storage.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/**
 * Compacts one table: plans a task, rewrites its files, publishes the result as a COMPACT. Safe beside any number of
 * writers and other compactors; never changes a row. One thread.
 *
 * @see "spec/commit.md, section Kinds"
 */
public final class TableCompactor implements AutoCloseable {
    /** Tasks that {@link #runUntilDone} may lose before it leaves the rest to others. */
    private static final int MAX_LOST_TASKS = 3;

    private final Table table;
    private final SnapshotChain chain;
    private final CompactionSettings settings;
    private final CompactionTargets targets;
    private final Rules rules;
    private LakeView view = LakeView.empty();
    private CompactionDebt debt = CompactionDebt.NONE;

    /** Which parts of the rule are in force; all of them, but in tests that show what each is worth. */
    public record Rules(boolean translateMasks, boolean requireLiveInputs) {
        public static final Rules ALL = new Rules(true);

        /** With the last part in force. */
        public Rules(boolean translateMasks) {
            this(translateMasks, true);
        }
    }

    private TableCompactor(Table table, CompactionSettings settings, Rules rules) {
        this.table = table;
        this.chain = table.snapshots();
        this.settings = settings;
        this.targets = settings.targets();
        this.rules = rules;
    }

    /** A compactor of one table. */
    public static TableCompactor open(Table table, CompactionSettings settings) {
        return open(table, settings, Rules.ALL);
    }

    /** A compactor with a part of the rule switched off, for tests that show what it is worth. */
    public static TableCompactor open(Table table, CompactionSettings settings, Rules rules) {
        return new TableCompactor(table, settings, rules);
    }

    /** The most urgent task at the newest snapshot; empty if there is nothing worth doing. */
    public Optional<Compaction> plan() throws IOException {
        Optional<Snapshot> head = chain.latest();
        if (head.isEmpty()) {
            return Optional.empty();
        }
        follow(head.get());
        List<FileFacts> facts = view.files().stream()
                .filter(this::isCompactable)
                .map(this::facts)
                .toList();
        debt = CompactionPolicy.debt(facts, targets);
        return CompactionPolicy.picks(facts, targets).stream()
                .findFirst()
                .map(pick -> compaction(
                        pick.reason().name().toLowerCase(Locale.ROOT),
                        pick.files().stream().map(FileFacts::id).collect(Collectors.toSet())));
    }

    /** What is to be done, as {@link #plan} saw it last. */
    public CompactionDebt debt() {
        return debt;
    }

    /**
     * A task of chosen files of the newest snapshot, whatever the policy says; empty if one of them has left the tree or
     * cannot be compacted.
     *
     * @param files 1 to 256
     */
    public Optional<Compaction> plan(Set<UUID> files) throws IOException {
        if (files.isEmpty() || files.size() > PositionMap.MAX_INPUTS) {
            throw new IllegalArgumentException(
                    "a compaction of %d files, 1 to %d can be merged".formatted(files.size(), PositionMap.MAX_INPUTS));
        }
        Optional<Snapshot> head = chain.latest();
        if (head.isPresent()) {
            follow(head.get());
        }
        boolean all = files.stream().allMatch(f -> view.file(f) != null && isCompactable(view.file(f)));
        return all ? Optional.of(compaction("chosen", files)) : Optional.empty();
    }

    private boolean isCompactable(FileEntry entry) {
        DataFile file = entry.file();
        int modulus = table.schema().layout().buckets();
        return file.origin().content() == ContentType.DATA
                && file.origin().schemaId() <= table.schema().id()
                && file.rowCount() > 0
                && file.slices().stream().allMatch(s -> s.modulus() == modulus);
    }

    private FileFacts facts(FileEntry entry) {
        DataFile file = entry.file();
        Slice first = file.slices().get(0);
        Optional<BucketId> bucket = file.slices().size() > 1
                ? Optional.empty()
                : Optional.of(new BucketId(first.partition(), first.bucket()));
        RoaringBitmap mask = view.mask(file.object().id());
        return new FileFacts(
                file.object().id(),
                bucket,
                file.object().sizeBytes(),
                file.rowCount(),
                mask == null ? 0 : mask.getCardinality());
    }

    private Compaction compaction(String reason, Set<UUID> files) {
        List<Compaction.Input> inputs = new ArrayList<>();
        for (UUID id : files) {
            RoaringBitmap mask = view.mask(id);
            // the view's own masks grow as it moves
            inputs.add(new Compaction.Input(view.file(id), mask == null ? new RoaringBitmap() : mask.clone()));
        }
        inputs.sort(Comparator.comparingLong((Compaction.Input i) -> i.entry().addedIn())
                .thenComparingLong(i -> i.entry().firstRowId())
                .thenComparing(Compaction.Input::id));
        return new Compaction(view.snapshotId(), reason, inputs);
    }

    /**
     * Writes the outputs of a task, reads them back and compares them with the inputs: count, and digest over all columns.
     *
     * @throws StreamhouseException {@code CORRUPT_FILE} if they differ, {@code MISSING_FILE} if an input has expired;
     *     nothing is left then
     */
    public CompactionResult rewrite(Compaction compaction) throws IOException {
        return rewrite(compaction, () -> false);
    }

    CompactionResult rewrite(Compaction compaction, BooleanSupplier cancelled) throws IOException {
        return rewrite(compaction, cancelled, new Interleave(ColumnFiles.BATCH_ROWS));
    }

    CompactionResult rewrite(Compaction compaction, BooleanSupplier cancelled, Interleave interleave)
            throws IOException {
        return new CompactionRewrite(table, compaction, settings, cancelled, interleave).run();
    }

    /**
     * Publishes a result at the newest snapshot; a lost race costs the translation of the newest masks. On an
     * {@link IOException} nothing is known; call again.
     */
    public CompactionOutcome publish(CompactionResult result) throws IOException {
        Optional<Snapshot> head = chain.latest();
        IOException unknown = null;
        for (int tries = 0; tries < settings.publishTries(); tries++) {
            if (head.isEmpty()) {
                return gaveUp(result, "the table has no snapshot");
            }
            follow(head.get());
            if (isPublished(result)) {
                chain.alreadyCommitted(head); // by a put that nobody answered
                return new CompactionOutcome.Published(head.get().id(), result.translatedPositions());
            }
            Optional<String> objection = objection(result.compaction());
            if (objection.isPresent()) {
                table.components().marks().reached(Mark.INPUT_GONE);
                return gaveUp(result, objection.get());
            }
            translate(result);
            result.slots().add(head.get().id() + 1);
            CommitOutcome outcome;
            try {
                outcome = chain.publish(head, draft(result, tries));
            } catch (IOException e) {
                // what was put may stand, or may yet come: the next head tells, as it does after a lost race
                unknown = e;
                head = chain.latest();
                continue;
            }
            if (outcome instanceof CommitOutcome.Committed c) {
                if (result.translatedPositions() > 0) {
                    table.components().marks().reached(Mark.MASK_TRANSLATED);
                }
                return new CompactionOutcome.Published(c.snapshot().id(), result.translatedPositions());
            } else if (outcome instanceof CommitOutcome.HeadMoved moved) {
                unknown = null;
                head = Optional.of(moved.head());
            } else if (outcome instanceof CommitOutcome.Refused refused && refused.code() == ErrorCode.MISSING_FILE) {
                // a task that loses for days keeps its outputs, and cleaning takes what nobody publishes
                return gaveUp(result, refused.message());
            } else {
                // the outputs are there already, or an input went between our look and the publisher's
                head = chain.latest();
            }
        }
        if (unknown != null) {
            throw unknown;
        }
        return new CompactionOutcome.Lost(settings.publishTries());
    }

    private void follow(Snapshot head) throws IOException {
        if (head.id() < view.snapshotId()) {
            view = LakeView.empty();
        }
        if (head.id() != view.snapshotId()) {
            view.advance(chain.treeSince(head, view.snapshotId()));
        }
    }

    /** File ids are fresh, so nobody else has added the outputs. Without outputs there is nothing to know it by. */
    private boolean isPublished(CompactionResult result) {
        return !result.outputs().isEmpty()
                && result.outputs().stream().allMatch(f -> view.file(f.object().id()) != null);
    }

    private Optional<String> objection(Compaction compaction) {
        if (!rules.requireLiveInputs()) {
            return Optional.empty();
        }
        for (Compaction.Input input : compaction.inputs()) {
            FileEntry now = view.file(input.id());
            if (now == null || now.addedIn() != input.entry().addedIn()) {
                return Optional.of("%s, read at snapshot %d, %s at snapshot %d"
                        .formatted(
                                input.entry().file().object().path(),
                                compaction.base(),
                                now == null ? "has left the tree" : "was added again",
                                view.snapshotId()));
            }
        }
        return Optional.empty();
    }

    private void translate(CompactionResult result) {
        List<Compaction.Input> inputs = result.compaction().inputs();
        for (int i = 0; i < inputs.size() && rules.translateMasks(); i++) {
            result.follow(i, view.mask(inputs.get(i).id()));
        }
    }

    private SnapshotDraft draft(CompactionResult result, int conflicts) {
        Compaction compaction = result.compaction();
        Set<UUID> removed = new HashSet<>();
        compaction.inputs().forEach(i -> removed.add(i.id()));
        return new SnapshotDraft(
                SnapshotKind.COMPACT,
                Optional.empty(),
                table.schema().id(),
                compaction.base(),
                result.outputs(),
                removed,
                result.bornMasks(),
                new CommitChange(DeltaCounts.ZERO, List.of(), 0, conflicts, result.mapBlock()),
                0,
                KeyDigest.ZERO,
                OptionalLong.empty(),
                Map.of(
                        "compaction.base", Long.toString(compaction.base()),
                        "compaction.reason", compaction.reason(),
                        "compaction.inputs",
                                Integer.toString(compaction.inputs().size()),
                        "compaction.outputs", Integer.toString(result.outputs().size()),
                        "compaction.bytes-read", Long.toString(compaction.sizeBytes()),
                        "compaction.bytes-written", Long.toString(result.sizeBytes()),
                        "compaction.rows", Long.toString(result.rowCount())),
                Optional.empty());
    }

    private CompactionOutcome gaveUp(CompactionResult result, String message) {
        discard(result);
        return new CompactionOutcome.GaveUp(message);
    }

    /** Deletes the outputs of a result that is not to be published, if it is certain that they never were. */
    public void discard(CompactionResult result) {
        try {
            if (!wasNeverPublished(result)) {
                return;
            }
            for (DataFile file : result.outputs()) {
                table.components().store().delete(file.object().path());
            }
        } catch (IOException | StreamhouseException e) {
            // what is left are orphans, which cleaning finds
        }
    }

    /**
     * Whether every slot that was tried holds a snapshot without the outputs: then ours can neither stand nor come any
     * more. An answer "lost" alone would not do, ours may have stood and expired since.
     */
    private boolean wasNeverPublished(CompactionResult result) throws IOException {
        for (long slot : result.slots()) {
            Snapshot there = chain.snapshot(slot);
            if (there.kind() == SnapshotKind.COMPACT
                    && (result.outputs().isEmpty()
                            || chain.treeSince(there, slot - 1).entries().stream()
                                    .anyMatch(e ->
                                            result.isOutput(e.file().object().id())))) {
                return false;
            }
        }
        return true;
    }

    /** Plans, rewrites and publishes until nothing is worth doing, or races are lost again and again. */
    public CompactionReport runUntilDone() throws IOException {
        CompactionReport report = CompactionReport.NONE;
        for (Optional<Compaction> next = plan(); next.isPresent() && report.lost() < MAX_LOST_TASKS; next = plan()) {
            CompactionResult result = rewrite(next.get());
            CompactionOutcome outcome = publish(result);
            if (outcome instanceof CompactionOutcome.Lost) {
                discard(result);
            }
            report = report.plus(result, outcome);
        }
        return report;
    }

    @Override
    public void close() {
        // holds memory only
    }
}
