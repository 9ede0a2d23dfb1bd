package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.ChangePosition;
import io.streamhouse.log.ChangePositionCodec;
import io.streamhouse.log.Start;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.codec.ByteInput;
import io.streamhouse.spec.codec.ByteOutput;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.testkit.simulation.Journal;
import io.streamhouse.testkit.simulation.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * Folds the changelog of shape full into a replica and holds every change against it. Replica and position are kept in one
 * local file, also in the middle of a commit and of a batch, and that is where it goes on after a kill. Its journal:
 * {@code snapshot rows hash wrong} for every commit that it has delivered to the end.
 */
final class SoakSubscriber {
    private static final Duration POLL = Duration.ofMillis(300);
    private static final int SAVE_ONE_IN = 8;
    private static final int DROP_ONE_IN = 25;

    private final Part part;
    private final Journal journal;
    private final Random chance;
    private final ChangelogReader reader;

    /** Hash of the row of each key, 0 for none. */
    private final long[] rows;

    /** Key whose update has begun, -1 for none. */
    private long begun = -1;

    private long count;
    private long sum;
    private long wrong;

    private SoakSubscriber(Part part) throws IOException {
        this.part = part;
        this.journal = Journal.append(part.file(".journal"));
        this.rows = new long[part.keys()];
        this.chance = new Random(part.seed() ^ ProcessHandle.current().pid());
        Optional<ByteInput> saved = saved();
        Optional<ChangePosition> position = saved.map(ByteInput::readBytes).map(ChangePositionCodec::read);
        this.reader = Changelog.of(SoakTable.open(part.warehouse()))
                .from(Start.fromSnapshot(
                        position.map(ChangePosition::snapshotId).orElse(1L)))
                .shape(ChangelogShape.FULL)
                .open();
        if (saved.isPresent()) {
            reader.seek(position.get());
            restore(saved.get());
        }
    }

    private Optional<ByteInput> saved() throws IOException {
        return Files.exists(part.file(".state"))
                ? Optional.of(new ByteInput(Files.readAllBytes(part.file(".state")), "state"))
                : Optional.empty();
    }

    public static void main(String[] arguments) throws IOException {
        Part part = Part.of(arguments);
        part.gaugeHeap();
        new SoakSubscriber(part).run();
    }

    private void run() throws IOException {
        long delivered = 0;
        while (part.lastSnapshot().isEmpty() || delivered < part.lastSnapshot().getAsLong()) {
            part.requireParent();
            ChangeBatch batch = reader.poll(POLL);
            if (batch == null) {
                delivered = reader.position().snapshotId() - 1;
                continue;
            }
            int cut = chance.nextInt(SAVE_ONE_IN) == 0 && batch.rowCount() > 1 ? chance.nextInt(batch.rowCount()) : -1;
            for (int i = 0; i < batch.rowCount(); i++) {
                fold(batch, i);
                if (i == cut) {
                    ChangePosition end = reader.position();
                    save(ChangePosition.in(
                            end.phase(), end.snapshotId(), end.split().orElseThrow(), batch.rowsConsumed()[i]));
                }
            }
            if (batch.lastOfCommit()) {
                delivered = batch.snapshotId();
                if (begun >= 0) {
                    complain(delivered, "ends within the update of key " + begun);
                }
                // said before it is saved: who is killed in between says it twice, which is no harm
                journal.say("%d %d %d %d", delivered, count, sum, wrong);
                if (chance.nextInt(SAVE_ONE_IN) == 0) {
                    save(reader.position());
                }
            }
        }
        save(reader.position());
        reader.close();
    }

    private void fold(ChangeBatch batch, int at) throws IOException {
        Row row = RowReader.row(batch.rows(), reader.columns(), at);
        RowKind kind = RowKind.of(batch.kinds()[at]);
        int key = Math.toIntExact((Long) row.value(0));
        if (part.fault() == SoakFault.DROPPED_CHANGE && batch.snapshotId() % DROP_ONE_IN == 0 && at == 0) {
            return;
        }
        long hash = SoakTable.hash(row);
        boolean fits =
                switch (kind) {
                    case INSERT -> begun < 0 && rows[key] == 0;
                    case UPDATE_BEFORE, DELETE -> begun < 0 && rows[key] == hash;
                    case UPDATE_AFTER -> begun == key && rows[key] == 0;
                };
        if (!fits) {
            complain(batch.snapshotId(), "%s %s does not fit, update begun: %d".formatted(kind.symbol(), row, begun));
        }
        begun = kind == RowKind.UPDATE_BEFORE ? key : -1;
        set(key, kind.isRetraction() ? 0 : hash);
    }

    private void set(int key, long hash) {
        count += (hash == 0 ? 0 : 1) - (rows[key] == 0 ? 0 : 1);
        sum += hash - rows[key];
        rows[key] = hash;
    }

    private void complain(long snapshot, String what) {
        wrong++;
        System.out.printf("wrong: %s at snapshot %d %s%n", part.name(), snapshot, what);
    }

    private void save(ChangePosition position) throws IOException {
        ByteOutput out = new ByteOutput();
        out.writeBytes(ChangePositionCodec.write(position));
        out.writeFixed64(begun);
        out.writeFixed64(wrong);
        ByteBuffer hashes = ByteBuffer.allocate(rows.length * Long.BYTES);
        hashes.asLongBuffer().put(rows);
        out.writeRaw(hashes.array(), 0, hashes.capacity());
        WholeFile.replace(part.file(".state"), out.toByteArray());
    }

    private void restore(ByteInput in) {
        begun = in.readFixed64();
        wrong = in.readFixed64();
        ByteBuffer hashes = ByteBuffer.allocate(rows.length * Long.BYTES);
        in.readRaw(hashes.array(), 0, hashes.capacity());
        for (int key = 0; key < rows.length; key++) {
            set(key, hashes.getLong(key * Long.BYTES));
        }
        in.expectEnd();
    }
}
