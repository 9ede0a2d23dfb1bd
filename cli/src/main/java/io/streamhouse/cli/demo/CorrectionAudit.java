package io.streamhouse.cli.demo;

import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import io.streamhouse.spec.RowKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether the UPDATE changed exactly the rows that were wrong when it read them and that nobody changed since, and
 * those to the right value. It computes all of that from time travel and the changelog, with the plain Java reader.
 */
final class CorrectionAudit {
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final int EMPTY_POLLS = 2;
    private static final int ORDER_KEY = 0;
    private static final int LINE_NUMBER = 1;
    private static final int PRICE = 5;
    private static final int DISCOUNT = 6;
    private static final int REVENUE = 8;

    /** More than the lines of any order. */
    private static final int LINES = 8;

    private static final String BASE = "base";
    private static final String ROWS_REPLACED = "rows-replaced";
    private static final String ROWS_SKIPPED = "rows-skipped";

    private final TableReads reads;
    private final Proof proof;

    CorrectionAudit(TableReads reads, Proof proof) {
        this.reads = reads;
        this.proof = proof;
    }

    /** What the UPDATE did, as a subscriber saw it, and which keys others changed between its base and its commit. */
    private static final class Seen {
        private final Set<Long> changedSince = new HashSet<>();
        private final RowHash before = new RowHash();
        private final RowHash after = new RowHash();
        private final ChangeCounts counts = new ChangeCounts();
    }

    /** What it had to do. */
    private static final class Wanted {
        private final RowHash before = new RowHash();
        private final RowHash after = new RowHash();
        private long wrong;
        private long skipped;
    }

    /** All checks; call it when the jobs are stopped. */
    void check(Correction.Facts facts, long events) {
        proof.checkAtLeast("INPUT", "unread-at-update", (events + 9) / 10, facts.unreadEvents());
        proof.check("DWS", "job-id-through-correction", facts.dwsBefore(), facts.dwsAfter());
        List<SnapshotFacts> commits = Correction.commits(reads.snapshots(Layers.DWD));
        if (!proof.check("DWD", Layers.DWD + ":update-commits", 1, commits.size())) {
            return;
        }
        SnapshotFacts commit = commits.get(0);
        long base = Long.parseLong(commit.properties().getOrDefault(BASE, "0"));
        if (!proof.checkAtLeast("DWD", Layers.DWD + ":update-base", 1, base)) {
            return;
        }
        Seen seen = seen(base, commit.id());
        Wanted wanted = wanted(base, seen.changedSince);
        String name = Layers.DWD + ":update-";
        proof.checkAtLeast("DWD", Layers.DWD + ":wrong-rows-before-update", 1, wanted.wrong);
        // else nothing would be compared with nothing
        proof.checkAtLeast("DWD", name + "wanted", 1, wanted.wrong - wanted.skipped);
        proof.check("DWD", name + "before-images", wanted.before.digest(), seen.before.digest());
        proof.check("DWD", name + "after-images", wanted.after.digest(), seen.after.digest());
        ChangeCounts counts = new ChangeCounts();
        counts.add(RowKind.UPDATE_BEFORE, wanted.wrong - wanted.skipped);
        counts.add(RowKind.UPDATE_AFTER, wanted.wrong - wanted.skipped);
        proof.check("DWD", name + "changes", counts, seen.counts);
        proof.check("DWD", name + ROWS_REPLACED, wanted.wrong - wanted.skipped, property(commit, ROWS_REPLACED));
        proof.check("DWD", name + ROWS_SKIPPED, wanted.skipped, property(commit, ROWS_SKIPPED));
        proof.check("DWD", Layers.DWD + ":wrong-rows-after-update", 0, wanted(commit.id(), Set.of()).wrong);
    }

    private static String property(SnapshotFacts commit, String name) {
        return commit.properties().getOrDefault(name, "none");
    }

    private Seen seen(long base, long commit) {
        Seen seen = new Seen();
        RowBytes bytes = new RowBytes();
        long[] newest = {base};
        try (ReplicaFeed feed = reads.changesFrom(Layers.DWD, Layers.columns().get(Layers.DWD), base + 1)) {
            int empty = 0;
            while (newest[0] <= commit && empty < EMPTY_POLLS) {
                boolean some = feed.poll(WAIT, (id, kind, row) -> {
                    newest[0] = id;
                    if (id < commit) {
                        seen.changedSince.add(key(row));
                    } else if (id == commit) {
                        bytes.encode(row);
                        (kind.isRetraction() ? seen.before : seen.after).add(bytes.array(), bytes.length());
                        seen.counts.add(kind);
                    }
                });
                empty = some ? 0 : empty + 1;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("changes of %s since %d: %s".formatted(Layers.DWD, base, e.getMessage()), e);
        }
        return seen;
    }

    private Wanted wanted(long snapshot, Set<Long> changedSince) {
        Wanted wanted = new Wanted();
        RowBytes bytes = new RowBytes();
        reads.rows(Layers.DWD, snapshot, row -> {
            BigDecimal right = ((BigDecimal) row[PRICE]).multiply(BigDecimal.ONE.subtract((BigDecimal) row[DISCOUNT]));
            BigDecimal is = (BigDecimal) row[REVENUE];
            if (is.compareTo(right) == 0) {
                return;
            }
            wanted.wrong++;
            if (changedSince.contains(key(row))) {
                wanted.skipped++;
                return;
            }
            bytes.encode(row);
            wanted.before.add(bytes.array(), bytes.length());
            row[REVENUE] = right.setScale(is.scale());
            bytes.encode(row);
            wanted.after.add(bytes.array(), bytes.length());
        });
        return wanted;
    }

    private static long key(Object[] row) {
        return (Long) row[ORDER_KEY] * LINES + (Integer) row[LINE_NUMBER];
    }
}
