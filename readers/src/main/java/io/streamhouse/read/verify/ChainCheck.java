package io.streamhouse.read.verify;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.codec.SnapshotCodec;
import io.streamhouse.spec.table.Cleaned;
import io.streamhouse.spec.table.CommitMap;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import io.streamhouse.spec.table.UserState;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/** The records of the chain, read from the store one after the other, oldest first. One thread. */
final class ChainCheck {
    private final Table table;
    private final ObjectStore store;
    private final Findings findings;
    private Read parent;

    private record Read(Snapshot snapshot, int crc) {}

    ChainCheck(Table table, Findings findings) {
        this.table = table;
        this.store = table.components().store();
        this.findings = findings;
    }

    /** The next snapshot; empty if its record is missing or damaged. */
    Optional<Snapshot> next(long id) throws IOException {
        String path = SnapshotChain.objectPath(id);
        Optional<Read> read = findings.at(path, id, () -> {
            byte[] bytes = store.read(path);
            return new Read(SnapshotCodec.read(bytes, path), SnapshotCodec.crcOfFirstLine(bytes, path));
        });
        if (read.isEmpty()) {
            parent = null;
            return Optional.empty();
        }
        Snapshot snapshot = read.get().snapshot;
        if (snapshot.id() != id) {
            wrong(path, id, "it holds snapshot " + snapshot.id());
            parent = null;
            return Optional.empty();
        }
        if (parent != null) {
            checkLink(path, parent, snapshot);
        }
        checkCommits(path, snapshot);
        findings.at(
                "schema/" + snapshot.header().schemaId() + ".json",
                id,
                () -> table.schema(snapshot.header().schemaId()));
        parent = read.get();
        return Optional.of(snapshot);
    }

    private void wrong(String path, long id, String problem) {
        findings.add(FindingKind.WRONG_RECORD, path, id, problem);
    }

    private void checkLink(String path, Read before, Snapshot snapshot) {
        long id = snapshot.id();
        if (snapshot.header().parentCrc() != before.crc) {
            wrong(
                    path,
                    id,
                    "it names a parent with checksum %s, snapshot %d has %s"
                            .formatted(
                                    Checksums.hex(snapshot.header().parentCrc()), id - 1, Checksums.hex(before.crc)));
        }
        if (snapshot.timeMillis() < before.snapshot.timeMillis()) {
            wrong(path, id, "its commit time is before its parent's");
        }
        if (snapshot.totals().nextRowId() < before.snapshot.totals().nextRowId()) {
            wrong(path, id, "its next row id is below its parent's");
        }
        if (snapshot.tree().lastRemovalIn() < before.snapshot.tree().lastRemovalIn()) {
            wrong(
                    path,
                    id,
                    "it says that nothing has left the tree since snapshot "
                            + snapshot.tree().lastRemovalIn() + ", its parent knows better");
        }
        Cleaned cleaned = snapshot.cleaned();
        if (!cleaned.and(before.snapshot.cleaned()).equals(cleaned)) {
            wrong(
                    path,
                    id,
                    "%s may have been cleaned away, before its parent %s"
                            .formatted(cleaned, before.snapshot.cleaned()));
        }
        if (snapshot.kind() == SnapshotKind.COMPACT && !snapshot.commits().equals(before.snapshot.commits())) {
            wrong(path, id, "a COMPACT has changed the commit map");
        }
        for (Map.Entry<String, UserState> user :
                before.snapshot.commits().users().entrySet()) {
            Optional<UserState> now = snapshot.commits().user(user.getKey());
            if (now.isPresent() && now.get().epoch() < user.getValue().epoch()) {
                wrong(
                        path,
                        id,
                        "the epoch of commit user '%s' fell to %d"
                                .formatted(user.getKey(), now.get().epoch()));
            }
        }
    }

    private void checkCommits(String path, Snapshot snapshot) {
        CommitMap commits = snapshot.commits();
        String author = snapshot.author().user();
        boolean anonymous = snapshot.kind() == SnapshotKind.COMPACT;
        if (anonymous != author.isEmpty()) {
            wrong(path, snapshot.id(), "a %s by user '%s'".formatted(snapshot.kind(), author));
        } else if (!anonymous && commits.user(author).isEmpty()) {
            wrong(path, snapshot.id(), "its commit map does not know its own user '%s'".formatted(author));
        }
        commits.users().forEach((name, user) -> {
            if (new HashSet<>(user.lastDeltas()).size() < user.lastDeltas().size()) {
                wrong(path, snapshot.id(), "commit user '%s' has committed a delta twice".formatted(name));
            }
        });
    }
}
