package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.Table;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.testkit.simulation.Journal;
import io.streamhouse.testkit.simulation.soak.SoakModel.Totals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the table as it grows and holds against the model: which rounds stand in it, in which order; what was
 * acknowledged; what the newest and the earliest readable snapshot show; what the subscribers made of the changes.
 */
final class SoakJudge {
    private static final int SHOWN = 30;

    private final Table table;
    private final SoakModel model;
    private final Map<String, Journal.Reader> acknowledgements = new HashMap<>();
    private final Map<String, Journal.Reader> replicas = new HashMap<>();

    /** Snapshot of each round of each job; round n at n - 1. */
    private final Map<String, List<Long>> landed = new HashMap<>();

    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<String, Long> delivered = new HashMap<>();
    private final Map<String, Long> replicaWrong = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<Acknowledgement> pending = new ArrayList<>();
    private long wrong;
    private long compactions;
    private long fences;
    private long comparisons;
    private long historicReads;
    private long tooLateReads;
    private long replicaChecks;

    /** A line of a job's journal; snapshot 0: committed before the process that says so. */
    private record Acknowledgement(String job, long round, long snapshot) {}

    SoakJudge(SoakPlan plan, List<String> jobs, List<String> subscribers) throws IOException {
        this.table = SoakTable.open(plan.warehouse());
        this.model = new SoakModel(plan.seed(), plan.keys());
        for (String job : jobs) {
            landed.put(job, new ArrayList<>());
            acknowledgements.put(job, new Journal.Reader(plan.directory().resolve(job + ".journal")));
        }
        for (String subscriber : subscribers) {
            replicas.put(subscriber, new Journal.Reader(plan.directory().resolve(subscriber + ".journal")));
        }
    }

    long wrong() {
        return wrong;
    }

    List<String> complaints() {
        return complaints;
    }

    long head() {
        return model.head();
    }

    long commits() {
        return landed.values().stream().mapToLong(List::size).sum();
    }

    /** How often the rarest kind of comparison was made: of the newest snapshot, of the earliest, of a replica. */
    long rarestCheck() {
        return Math.min(comparisons, Math.min(historicReads, replicaChecks));
    }

    long compactions() {
        return compactions;
    }

    long delivered(String subscriber) {
        return delivered.getOrDefault(subscriber, 0L);
    }

    void complain(String format, Object... arguments) {
        wrong++;
        String what = format.formatted(arguments);
        System.out.println("wrong: " + what);
        if (complaints.size() < SHOWN) {
            complaints.add(what);
        }
    }

    /** Takes in what has been committed, acknowledged and delivered since the last call. */
    void follow() throws IOException {
        // before the head: whatever they speak of must stand in it
        for (String job : landed.keySet()) {
            for (String[] line : acknowledgements.get(job).next()) {
                pending.add(new Acknowledgement(job, Long.parseLong(line[0]), Long.parseLong(line[1])));
            }
        }
        Map<String, List<String[]>> lines = new HashMap<>();
        for (String subscriber : replicas.keySet()) {
            lines.put(subscriber, replicas.get(subscriber).next());
        }
        long to = table.snapshots().latest().map(Snapshot::id).orElse(0L);
        for (long id = model.head() + 1; id <= to; id++) {
            take(table.snapshots().snapshot(id));
        }
        pending.forEach(this::acknowledge);
        pending.clear();
        lines.forEach((subscriber, all) -> all.forEach(line -> replica(subscriber, line)));
    }

    private void take(Snapshot snapshot) {
        switch (snapshot.kind()) {
            case APPEND -> {
                String job = snapshot.author().user();
                long round = snapshot.author().identifier();
                List<Long> rounds = landed.get(job);
                if (rounds == null || round != rounds.size() + 1L) {
                    complain("snapshot %d is round %d of %s, after %s", snapshot.id(), round, job, last(rounds));
                    model.commitNothing();
                } else {
                    rounds.add(snapshot.id());
                    model.commit(SoakJob.number(job), round);
                }
            }
            case COMPACT -> {
                compactions++;
                model.commitNothing();
            }
            case FENCE -> {
                fences++;
                model.commitNothing();
            }
            case ROW_DELTA, OVERWRITE, ROLLBACK, SCHEMA -> {
                complain("snapshot %d is a %s, nobody did that", snapshot.id(), snapshot.kind());
                model.commitNothing();
            }
        }
        Totals expected = model.at(snapshot.id());
        if (snapshot.totals().rowCount() != expected.count()) {
            complain(
                    "snapshot %d counts %d rows, expected %d",
                    snapshot.id(), snapshot.totals().rowCount(), expected.count());
        }
    }

    private static String last(List<Long> rounds) {
        return rounds == null ? "nothing" : "round " + rounds.size();
    }

    private void acknowledge(Acknowledgement a) {
        acknowledged.merge(a.job(), a.round(), Math::max);
        List<Long> rounds = landed.get(a.job());
        boolean stands =
                a.round() <= rounds.size() && (a.snapshot() == 0 || rounds.get((int) a.round() - 1) == a.snapshot());
        if (!stands) {
            complain("%s, the table holds %s", a, last(rounds));
        }
    }

    private void replica(String subscriber, String[] line) {
        long snapshot = Long.parseLong(line[0]);
        Totals folded = new Totals(Long.parseLong(line[1]), Long.parseLong(line[2]));
        if (snapshot > model.head()) {
            complain("%s delivered snapshot %d of %d", subscriber, snapshot, model.head());
            return;
        }
        replicaChecks++;
        delivered.merge(subscriber, snapshot, Math::max);
        if (!folded.equals(model.at(snapshot))) {
            complain("%s at snapshot %d: %s, expected %s", subscriber, snapshot, folded, model.at(snapshot));
        }
        long misfits = Long.parseLong(line[3]);
        long before = replicaWrong.getOrDefault(subscriber, 0L);
        if (misfits > before) {
            complain("%s saw %d changes that do not fit up to snapshot %d", subscriber, misfits, snapshot);
        }
        replicaWrong.put(subscriber, misfits);
    }

    /** Reads the whole table at the newest and at the earliest readable snapshot and compares. */
    void compare() throws IOException {
        follow();
        long head = model.head();
        if (head == 0) {
            return;
        }
        comparisons++;
        Totals seen = scan(head, true);
        if (!seen.equals(model.at(head))) {
            complain("the table at snapshot %d: %s, expected %s", head, seen, model.at(head));
        }
        compareEarliest();
    }

    private void compareEarliest() throws IOException {
        long earliest = table.snapshots().earliestId().orElse(1);
        try {
            Totals seen = scan(earliest, false);
            historicReads++;
            if (!seen.equals(model.at(earliest))) {
                complain("the table at its earliest snapshot %d: %s, expected %s", earliest, seen, model.at(earliest));
            }
        } catch (StreamhouseException e) {
            if (e.code() != ErrorCode.SNAPSHOT_EXPIRED) {
                throw e;
            }
            tooLateReads++;
        }
    }

    private Totals scan(long snapshot, boolean isHead) throws IOException {
        long count = 0;
        long hash = 0;
        int shown = 0;
        try (BatchScan scan = TableScan.of(table).snapshot(snapshot).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                for (int i = 0; i < batch.selectedCount(); i++) {
                    Row row = RowReader.row(batch, scan.columns(), batch.position(i));
                    count++;
                    hash += SoakTable.hash(row);
                    Optional<Row> expected = isHead ? model.row((Long) row.value(0)) : Optional.empty();
                    if (isHead && shown < 3 && expected.map(SoakTable::hash).orElse(0L) != SoakTable.hash(row)) {
                        shown++;
                        System.out.printf("wrong: snapshot %d shows %s, expected %s%n", snapshot, row, expected);
                    }
                }
            }
        }
        return new Totals(count, hash);
    }

    /** At the end: every round is acknowledged or was on its way, every subscriber has delivered everything. */
    void judgeEnd() throws IOException {
        compare();
        landed.forEach((job, rounds) -> {
            if (acknowledged.getOrDefault(job, 0L) != rounds.size()) {
                complain("%s acknowledged %d rounds of %d", job, acknowledged.getOrDefault(job, 0L), rounds.size());
            }
        });
        for (String subscriber : replicas.keySet()) {
            if (delivered(subscriber) != model.head()) {
                complain("%s delivered %d snapshots of %d", subscriber, delivered(subscriber), model.head());
            }
        }
    }

    String summary() {
        return ("judged: %,d commits in %,d snapshots (%,d compactions, %,d fences), %,d full comparisons, %,d of the"
                        + " earliest snapshot (%d came too late), %,d replica states; %d rows at the end; wrong: %d")
                .formatted(
                        commits(),
                        model.head(),
                        compactions,
                        fences,
                        comparisons,
                        historicReads,
                        tooLateReads,
                        replicaChecks,
                        model.at(model.head()).count(),
                        wrong);
    }
}
