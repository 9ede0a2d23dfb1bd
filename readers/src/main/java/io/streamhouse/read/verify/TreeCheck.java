package io.streamhouse.read.verify;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.columnar.ColumnFiles;
import io.streamhouse.columnar.MaskSegmentFiles;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.ManifestRef;
import io.streamhouse.spec.table.MaskSegment;
import io.streamhouse.spec.table.SegmentRef;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.TableTree;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Manifests, masks and blocks that snapshots name, each object once however many name it, and the files that they add up
 * to. Snapshots come oldest first. One thread.
 */
final class TreeCheck {
    private final Table table;
    private final ObjectStore store;
    private final Findings findings;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Map<UUID, DataFile> files = new HashMap<>();
    private long checked;

    TreeCheck(Table table, Findings findings) {
        this.table = table;
        this.store = table.components().store();
        this.findings = findings;
    }

    /** The files that this snapshot has and the ones before it had not. */
    List<DataFile> next(Snapshot snapshot) throws IOException {
        long id = snapshot.id();
        boolean readable = true;
        for (ManifestRef ref : snapshot.tree().manifests()) {
            if (seen.add(ref.path())
                    && findings.at(ref.path(), id, () -> manifest(ref)).isEmpty()) {
                unreadable.add(ref.path());
            }
            readable &= !unreadable.contains(ref.path());
        }
        checkBlocks(snapshot);
        List<MaskSegment> segments = segments(snapshot);
        for (SegmentRef ref : snapshot.tree().segments()) {
            readable &= !unreadable.contains(place(ref, snapshot));
        }
        if (!readable) {
            return List.of(); // the next snapshot without the object tells what came since
        }
        TableTree tree = findings.at(SnapshotChain.objectPath(id), id, () -> table.snapshots()
                        .treeSince(snapshot, checked))
                .orElse(new TableTree(id, 0, List.of(), List.of()));
        checked = id;
        List<DataFile> added = new ArrayList<>();
        for (FileEntry entry : tree.entries()) {
            checkEntry(entry, snapshot);
            DataFile known = files.putIfAbsent(entry.file().object().id(), entry.file());
            if (known == null) {
                added.add(entry.file());
            } else if (!known.object().equals(entry.file().object())
                    || known.rowCount() != entry.file().rowCount()) {
                wrong(entry.file().object().path(), id, "two snapshots describe it differently");
            }
        }
        segments.forEach(segment -> checkMasks(segment, snapshot));
        return added;
    }

    private void wrong(String object, long id, String problem) {
        findings.add(FindingKind.WRONG_RECORD, object, id, problem);
    }

    private ManifestRef manifest(ManifestRef ref) throws IOException {
        byte[] bytes = store.read(ref.path());
        int crc = Checksums.crc32c(bytes);
        if (bytes.length != ref.sizeBytes() || crc != ref.crc()) {
            throw StreamhouseException.corrupt(
                    ref.path(),
                    "manifest of %d bytes with checksum %s, its reference says %d and %s"
                            .formatted(bytes.length, Checksums.hex(crc), ref.sizeBytes(), Checksums.hex(ref.crc())));
        }
        return ref;
    }

    private void checkBlocks(Snapshot snapshot) throws IOException {
        List<BlockRef> blocks = new ArrayList<>(snapshot.change().deletes());
        snapshot.change().positionMap().ifPresent(blocks::add);
        for (BlockRef block : blocks) {
            if (block instanceof BlockRef.Stored stored) {
                findings.at(stored.path(), snapshot.id(), () -> ColumnFiles.readBlock(store, stored));
            }
        }
    }

    /** Segments that were not read with an older snapshot; inline ones are read with each, they cost nothing. */
    private List<MaskSegment> segments(Snapshot snapshot) throws IOException {
        List<MaskSegment> out = new ArrayList<>();
        long reached = 0;
        for (SegmentRef ref : snapshot.tree().segments()) {
            String place = place(ref, snapshot);
            if (ref.fromSnapshot() <= reached || ref.toSnapshot() > snapshot.id()) {
                wrong(
                        SnapshotChain.objectPath(snapshot.id()),
                        snapshot.id(),
                        "a segment covers snapshots %d to %d, the one before it ends at %d"
                                .formatted(ref.fromSnapshot(), ref.toSnapshot(), reached));
            }
            reached = Math.max(reached, ref.toSnapshot());
            if (ref.block() instanceof BlockRef.Inline || seen.add(place)) {
                Optional<MaskSegment> read = findings.at(
                        place.substring(0, place.indexOf('@')), snapshot.id(), () -> MaskSegmentFiles.read(store, ref));
                read.ifPresentOrElse(out::add, () -> unreadable.add(place));
            }
        }
        return out;
    }

    /** Object and offset of a segment. */
    private static String place(SegmentRef ref, Snapshot snapshot) {
        return ref.block() instanceof BlockRef.Stored stored
                ? stored.path() + "@" + stored.offset()
                : SnapshotChain.objectPath(snapshot.id()) + "@";
    }

    private void checkEntry(FileEntry entry, Snapshot snapshot) {
        String path = entry.file().object().path();
        if (entry.bornIn() < 1 || entry.addedIn() > snapshot.id()) {
            wrong(path, snapshot.id(), "it is in the tree since snapshot %d".formatted(entry.addedIn()));
        }
        if (entry.firstRowId() + entry.file().rowCount() > snapshot.totals().nextRowId()) {
            wrong(path, snapshot.id(), "its row ids reach beyond the next free one");
        }
    }

    private void checkMasks(MaskSegment segment, Snapshot snapshot) {
        for (FileMask mask : segment.masks()) {
            DataFile file = files.get(mask.file());
            int last = mask.positions()[mask.positions().length - 1];
            if (file != null && last >= file.rowCount()) {
                findings.add(
                        FindingKind.BAD_MASK,
                        file.object().path(),
                        snapshot.id(),
                        "row %d is masked by snapshot %d to %d, the file has %d rows"
                                .formatted(last, segment.fromSnapshot(), segment.toSnapshot(), file.rowCount()));
            }
        }
    }
}
