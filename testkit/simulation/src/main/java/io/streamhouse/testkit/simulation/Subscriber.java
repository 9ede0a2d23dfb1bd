package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Table;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.ChangePositionCodec;
import io.streamhouse.log.Start;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.testkit.TableModel.ModelChange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A subscription that follows the table from its first commit, and is now and then begun anew where it stood. */
final class Subscriber implements AutoCloseable {
    private static final int RESTART_IN = 6;

    private final Table table;
    private final ChangelogShape shape;
    private final int keyColumns;
    private final RandomGenerator random;
    private ChangelogReader reader;

    Subscriber(Table table, ChangelogShape shape, int keyColumns, RandomGenerator random) throws IOException {
        this.table = table;
        this.shape = shape;
        this.keyColumns = keyColumns;
        this.random = random;
        this.reader = open(Start.fromSnapshot(1));
    }

    private ChangelogReader open(Start start) throws IOException {
        return Changelog.of(table).from(start).shape(shape).open();
    }

    /** All changes of the next snapshot, which must stand. */
    List<ModelChange> changes(long snapshot) throws IOException {
        List<ModelChange> out = new ArrayList<>();
        while (true) {
            ChangeBatch batch = reader.poll(Duration.ZERO);
            if (batch == null || batch.snapshotId() != snapshot) {
                throw new AssertionError("subscriber of shape %s got %s instead of snapshot %d"
                        .formatted(shape, batch == null ? "nothing" : batch.commit(), snapshot));
            }
            int delivered = batch.rowCount();
            if (random.nextInt(RESTART_IN) == 0) {
                delivered = restart(batch);
            }
            for (int i = 0; i < delivered; i++) {
                out.add(change(batch, i));
            }
            if (batch.lastOfCommit()) {
                return out;
            }
        }
    }

    /** Goes on in another process, after some rows of the batch; returns how many of them count as delivered. */
    private int restart(ChangeBatch batch) throws IOException {
        ChangePosition position = reader.position();
        int delivered = batch.rowCount();
        if (delivered > 1) {
            delivered = 1 + random.nextInt(delivered - 1);
            position = ChangePosition.in(
                    position.phase(),
                    position.snapshotId(),
                    position.split().orElseThrow(),
                    batch.rowsConsumed()[delivered - 1]);
        }
        reader.close();
        reader = open(Start.latest());
        reader.seek(ChangePositionCodec.read(ChangePositionCodec.write(position)));
        return delivered;
    }

    private ModelChange change(ChangeBatch batch, int row) {
        List<Object> all = VisibleTable.values(RowReader.row(batch.rows(), reader.columns(), row));
        return new ModelChange(batch.snapshotId(), RowKind.of(batch.kinds()[row]), all.subList(0, keyColumns), all);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
