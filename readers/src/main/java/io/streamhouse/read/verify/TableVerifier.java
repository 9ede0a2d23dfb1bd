package io.streamhouse.read.verify;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.read.ReadLease;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Proves a table, or says what is wrong with it. Three steps, each of which needs the one before to find nothing:
 *
 * <ol>
 *   <li>records, manifests, masks and blocks of all snapshots: they stand, fit their checksums and one another;
 *   <li>every data file of these snapshots: length, footer, and row by row partition, bucket, order and digest of its keys;
 *   <li>rows of the first and the last snapshot: as many as recorded, no key twice; and the changelog between the two: after
 *       each commit rows and keys as recorded, in the end the very rows of the last.
 * </ol>
 *
 * <p>Everything is read from the store but what the opened table remembers; open it anew. A lease keeps the snapshots while
 * this works. Nothing is changed. Memory: metadata of the table, keys of the rows of one
 * bucket, 64 MiB for keys of small files. One thread.
 */
public final class TableVerifier {
    private final Table table;
    private final Consumer<String> progress;

    /**
     * @param table newly opened
     * @param progress told what is being looked at, now and then
     */
    public TableVerifier(Table table, Consumer<String> progress) {
        this.table = table;
        this.progress = progress;
    }

    /**
     * Verifies.
     *
     * @throws StreamhouseException {@code SNAPSHOT_EXPIRED} if nothing of the scope can be read, or was overtaken by expiry;
     *     {@code SNAPSHOT_NOT_FOUND} if it lies beyond the newest snapshot
     * @throws IOException if the store does not answer
     */
    public VerifyReport verify(VerifyScope scope) throws IOException {
        try (ReadLease lease = new ReadLease(table, "verify")) {
            return new Run(scope, lease).verify();
        }
    }

    /**
     * What to say of a table that cannot even be opened: its damage, as a report; any other failure is thrown again.
     *
     * @param failure what opening it has ended with
     */
    public static VerifyReport ofUnopened(StreamhouseException failure) throws IOException {
        if (failure.code() != ErrorCode.CORRUPT_FILE && failure.code() != ErrorCode.UNKNOWN_VERSION) {
            throw failure;
        }
        Findings findings = new Findings();
        findings.at("schema", 1, () -> {
            throw failure;
        });
        return new VerifyReport(0, 0, 0, 0, 0, 0, false, findings.list(1));
    }

    /** One verification. */
    private final class Run {
        private final VerifyScope scope;
        private final ReadLease lease;
        private final Findings findings = new Findings();
        private long first;
        private long last;
        private long files;
        private long bytes;

        Run(VerifyScope scope, ReadLease lease) {
            this.scope = scope;
            this.lease = lease;
        }

        VerifyReport verify() throws IOException {
            if (!findRange()) {
                return report(0, 0, findings.isEmpty());
            }
            Snapshot[] ends = readMetadata();
            if (!findings.isEmpty()) {
                return report(0, 0, false);
            }
            VisibleKeys keys = new VisibleKeys(table, findings, VisibleKeys.CACHE_BYTES);
            long rows = 0;
            for (Snapshot end : ends) {
                say("rows of snapshot %d", end.id());
                rows = findings.at(
                                SnapshotChain.objectPath(end.id()),
                                end.id(),
                                () -> keys.check(
                                        end, LakeView.of(table.snapshots().tree(end))))
                        .orElse(0L);
            }
            if (last == first || !findings.isEmpty()) {
                return report(rows, 0, true);
            }
            ChangelogFold fold = new ChangelogFold(table, findings, first, last);
            findings.at(SnapshotChain.objectPath(last), last, () -> {
                fold.run(ends[0].totals(), id -> say("changes of snapshot %d of %d", id, last));
                return true;
            });
            return report(rows, fold.changes(), true);
        }

        private void say(String text, Object... values) {
            lease.keep(first);
            progress.accept(text.formatted(values));
        }

        private VerifyReport report(long rows, long changes, boolean dataCompared) throws IOException {
            readLeases();
            return new VerifyReport(first, last, files, bytes, rows, changes, dataCompared, findings.list(first));
        }

        /** Nothing is read through them, but expiry and cleaning refuse to go on without. */
        private void readLeases() throws IOException {
            for (String path : table.leases().newestRecords()) {
                findings.at(path, last, () -> {
                    try {
                        return LeaseCodec.read(table.components().store().read(path), path);
                    } catch (StreamhouseException e) {
                        if (e.code() == ErrorCode.MISSING_FILE) {
                            return Optional.empty(); // renewed or given back meanwhile
                        }
                        throw e;
                    }
                });
            }
        }

        /** From what stands in the store: a hole in the chain hides what is above it from a search for the newest. */
        private boolean findRange() throws IOException {
            Optional<Long> boundary =
                    findings.at("boundary", 0, () -> table.expiry().boundary().expiredThrough());
            // before the listing: then a snapshot that it names is listed, or gone
            OptionalLong hinted = table.snapshots().hinted();
            OptionalLong newest = OptionalLong.empty();
            for (ObjectInfo object : table.components().store().list("snapshot")) {
                OptionalLong id = SnapshotChain.idOfObject(object.path());
                newest = id.isPresent() ? id : newest;
            }
            if (boundary.isEmpty()) {
                return false;
            }
            long expired = boundary.get();
            long known = Math.max(hinted.orElse(0), expired > 0 ? expired + 1 : 0);
            if (newest.orElse(0) < known && newest.orElse(0) < scope.last()) {
                findings.add(
                        FindingKind.MISSING,
                        SnapshotChain.objectPath(known),
                        known,
                        "boundary or hint tell of snapshot %d, the newest is %d; unless the hint is wrong, what came after that is lost"
                                .formatted(known, newest.orElse(0)));
            }
            if (newest.orElse(0) <= expired) {
                return false;
            }
            long earliest = expired + 1;
            last = Math.min(scope.last(), newest.getAsLong());
            first = Math.max(Math.max(earliest, scope.first()), last - scope.newest() + 1);
            if (first > last) {
                table.snapshots().snapshot(scope.last() < earliest ? scope.last() : scope.first());
            }
            return true;
        }

        /** Reads everything but rows; the snapshots at both ends. */
        private Snapshot[] readMetadata() throws IOException {
            ChainCheck chain = new ChainCheck(table, findings);
            TreeCheck trees = new TreeCheck(table, findings);
            DataFileCheck data = new DataFileCheck(table, findings, scope.deep());
            Snapshot head = null;
            Snapshot foot = null;
            for (long id = first; id <= last; id++) {
                say("metadata of snapshot %d of %d", id, last);
                Optional<Snapshot> snapshot = chain.next(id);
                if (snapshot.isEmpty()) {
                    continue;
                }
                foot = foot == null ? snapshot.get() : foot;
                head = snapshot.get();
                List<DataFile> added = trees.next(snapshot.get());
                for (DataFile file : added) {
                    files++;
                    bytes += file.object().sizeBytes();
                    if (files % 100 == 0) {
                        say("data file %d, of snapshot %d", files, id);
                    }
                    data.check(file, id);
                }
            }
            return first == last ? new Snapshot[] {head} : new Snapshot[] {foot, head};
        }
    }
}
