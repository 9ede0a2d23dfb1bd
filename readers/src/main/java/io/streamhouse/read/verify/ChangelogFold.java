package io.streamhouse.read.verify;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.RowDigestSum;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.key.KeyEncoder;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Adds the changes of every commit to the rows of the first snapshot: after each commit there must be as many rows and the
 * keys that its snapshot records, in the end the very rows of the last snapshot, all columns counted. In memory is one batch,
 * and two sums a snapshot. One thread.
 */
final class ChangelogFold {
    private final Table table;
    private final Findings findings;
    private final TableSchema schema;
    private final KeyEncoder encoder;
    private final long first;
    private final long last;
    private final State[] states;
    private long changes;

    /**
     * What the table holds.
     *
     * @param rowCount rows
     * @param rows digest over all columns
     */
    private record State(long rowCount, KeyDigest rows) {}

    ChangelogFold(Table table, Findings findings, long first, long last) {
        this.table = table;
        this.findings = findings;
        this.schema = table.schema();
        this.encoder = schema.layout().hasKey() ? KeyEncoder.of(schema.project(schema.keyIndexes())) : null;
        this.first = first;
        this.last = last;
        this.states = new State[Math.toIntExact(last - first + 1)];
    }

    /** Rows of the changelog that were read. */
    long changes() {
        return changes;
    }

    /**
     * Folds the changes of all commits after the first snapshot.
     *
     * @param firstTotals of the first snapshot, as its data shows them
     */
    void run(Snapshot.Totals firstTotals, LongConsumer progress) throws IOException {
        State state = scanned(first);
        states[0] = state;
        KeyDigest keys = firstTotals.digest();
        long wrongBy = 0;
        boolean wrongKeys = false;
        Changelog changelog =
                Changelog.of(table).from(Start.fromSnapshot(first + 1)).until(Bound.snapshot(last));
        try (ChangelogReader reader = changelog.open()) {
            for (long id = first + 1; id <= last; id++) {
                Sums came = new Sums();
                Sums went = new Sums();
                read(reader, came, went);
                state = new State(
                        state.rowCount + came.rows.rowCount() - went.rows.rowCount(),
                        state.rows.plus(came.rows.digest()).minus(went.rows.digest()));
                keys = keys.plus(came.keys.digest()).minus(went.keys.digest());
                states[(int) (id - first)] = state;
                Snapshot.Totals said = table.snapshots().snapshot(id).totals();
                long off = state.rowCount - said.rowCount();
                boolean offKeys = !keys.equals(said.digest());
                // what one commit has got wrong goes on in all that follow
                if (off != wrongBy && off != 0 || offKeys && !wrongKeys) {
                    wrong(
                            id,
                            "its changes make %d rows with the key digest %s of the table, it records %d and %s"
                                    .formatted(state.rowCount, keys, said.rowCount(), said.digest()));
                }
                wrongBy = off;
                wrongKeys = offKeys;
                progress.accept(id);
            }
        }
        if (findings.isEmpty() && !state.equals(scanned(last))) {
            wrong(firstWrong(), "its changes do not make its rows of those of the snapshot before");
        }
    }

    private void wrong(long id, String problem) {
        findings.add(FindingKind.CHANGELOG, SnapshotChain.objectPath(id), id, problem);
    }

    private void read(ChangelogReader reader, Sums came, Sums went) throws IOException {
        boolean more = true;
        while (more) {
            ChangeBatch batch = reader.poll(Duration.ZERO);
            int[] rows = new int[batch.rowCount()];
            for (boolean retraction : new boolean[] {true, false}) {
                int n = 0;
                for (int i = 0; i < rows.length; i++) {
                    if (RowKind.of(batch.kinds()[i]).isRetraction() == retraction) {
                        rows[n++] = i;
                    }
                }
                (retraction ? went : came).add(batch.rows(), rows, n);
            }
            changes += rows.length;
            more = !batch.lastOfCommit();
        }
    }

    /** Between a snapshot where both agree and one where they do not there is a commit that is wrong. */
    private long firstWrong() throws IOException {
        long right = first;
        long wrong = last;
        while (wrong - right > 1) {
            long middle = right + (wrong - right) / 2;
            if (states[(int) (middle - first)].equals(scanned(middle))) {
                right = middle;
            } else {
                wrong = middle;
            }
        }
        return wrong;
    }

    private State scanned(long id) throws IOException {
        RowDigestSum sum = new RowDigestSum();
        List<String> columns = schema.fields().stream().map(Field::name).toList();
        try (BatchScan scan = TableScan.of(table).snapshot(id).select(columns).open()) {
            for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                sum.add(batch.columns(), batch.selection(), batch.selectedCount());
            }
        }
        return new State(sum.rowCount(), sum.digest());
    }

    /** Rows that came or went. */
    private final class Sums {
        private final RowDigestSum rows = new RowDigestSum();
        private final KeyDigestSum keys = new KeyDigestSum();

        void add(ColumnBatch batch, int[] positions, int count) {
            if (count == 0) {
                return;
            }
            rows.add(batch.columns(), positions, count);
            if (encoder != null) {
                KeyColumn column =
                        encoder.keys(batch.project(schema.keyIndexes()).columns());
                for (int i = 0; i < count; i++) {
                    column.addTo(keys, positions[i]);
                }
            }
        }
    }
}
