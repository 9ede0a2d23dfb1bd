package io.streamhouse.lake;

import io.streamhouse.spec.codec.DeleteBlockCodec;
import io.streamhouse.spec.codec.MaskSegmentCodec;
import io.streamhouse.spec.key.KeyColumn;
import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.key.KeyDigestSum;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitDelta;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeleteBlock;
import io.streamhouse.spec.table.DeltaCounts;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.TableDelta;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * A delta whose every key was found at one pinned snapshot, cut down to what still stands when it is committed: a row
 * whose old version has gone is masked from birth, a delete of such a row is dropped. One thread.
 *
 * @see "spec/commit.md, section Kinds, ROW_DELTA"
 */
public final class PinnedDelta {
    private final List<DeltaPayload> parts;
    private final PinnedPositions positions;

    private PinnedDelta(List<DeltaPayload> parts, PinnedPositions positions) {
        this.parts = parts;
        this.positions = positions;
    }

    /**
     * What is left of the delta at the head that its positions were followed to.
     *
     * @param files files with rows that count
     * @param masks superseded positions and own rows masked from birth, ascending by file id
     * @param deletes delete blocks without dropped keys
     * @param counts what the commit changes
     */
    public record Outcome(List<DataFile> files, List<FileMask> masks, List<BlockRef> deletes, DeltaCounts counts) {
        public Outcome {
            files = List.copyOf(files);
            masks = List.copyOf(masks);
            deletes = List.copyOf(deletes);
        }

        /** Rows replaced or deleted. */
        public long replaced() {
            return counts.updated() + counts.deleted();
        }
    }

    /**
     * Reads a delta's payload.
     *
     * @throws IllegalArgumentException if a key was not found, or one position is replaced twice: no pinned writer
     *     wrote such a delta
     */
    public static PinnedDelta read(ObjectStore store, CommitDelta delta) throws IOException {
        List<DeltaPayload> parts = new ArrayList<>();
        int size = 0;
        for (TableDelta part : delta.parts()) {
            DeltaPayload payload = DeltaPayload.read(store, part);
            parts.add(payload);
            size += payload.found().size();
        }
        UUID[] files = new UUID[size];
        int[] positions = new int[size];
        int n = 0;
        for (DeltaPayload part : parts) {
            for (int i = 0; i < part.found().size(); i++) {
                int ordinal = part.found().ordinals()[i];
                if (ordinal < 0) {
                    throw new IllegalArgumentException("key %d of writer %d was not found at snapshot %d"
                            .formatted(i, part.delta().writer(), part.delta().since()));
                }
                files[n] = part.found().files().get(ordinal);
                positions[n++] = part.found().positions()[i];
            }
        }
        return new PinnedDelta(parts, new PinnedPositions(files, positions));
    }

    /** The positions that the delta replaces, to be followed from its base to the head. */
    public PinnedPositions positions() {
        return positions;
    }

    /** The delta as it stands now. */
    public Outcome outcome() {
        Cut cut = new Cut();
        int first = 0;
        for (DeltaPayload part : parts) {
            cut.add(part, first);
            first += part.found().size();
        }
        return cut.outcome();
    }

    private final class Cut {
        final List<DataFile> files = new ArrayList<>();
        final List<BlockRef> deletes = new ArrayList<>();
        final Map<UUID, RoaringBitmap> masks = new HashMap<>();
        final KeyDigestSum deletedKeys = new KeyDigestSum();
        long updated;
        long deleted;

        void add(DeltaPayload part, int first) {
            int number = first;
            for (DataFile file : part.delta().files()) {
                addFile(file, number);
                number += file.rowCount();
            }
            addDeletes(part, number);
        }

        private void addFile(DataFile file, int first) {
            RoaringBitmap fromBirth = new RoaringBitmap();
            for (int row = 0; row < file.rowCount(); row++) {
                if (positions.stands(first + row)) {
                    supersede(first + row);
                } else {
                    fromBirth.add(row);
                }
            }
            int standing = file.rowCount() - fromBirth.getCardinality();
            updated += standing;
            if (standing > 0) {
                files.add(file);
                if (!fromBirth.isEmpty()) {
                    masks.put(file.object().id(), fromBirth);
                }
            }
        }

        private void addDeletes(DeltaPayload part, int first) {
            if (part.delta().keyless()) {
                addRemoved(first, part.found().size() - part.rows());
                return;
            }
            KeyColumn keys = part.deletes().keys();
            int[] standing = new int[keys.size()];
            int n = 0;
            for (int i = 0; i < standing.length; i++) {
                if (positions.stands(first + i)) {
                    supersede(first + i);
                    keys.addTo(deletedKeys, i);
                    standing[n++] = i;
                }
            }
            deleted += n;
            if (n == standing.length && n > 0) {
                deletes.add(part.delta().deletes());
            } else if (n > 0) {
                DeleteBlock left = only(part.deletes(), Arrays.copyOf(standing, n));
                deletes.add(new BlockRef.Inline(DeleteBlockCodec.write(left)));
            }
        }

        private void addRemoved(int first, int count) {
            for (int i = first; i < first + count; i++) {
                if (positions.stands(i)) {
                    supersede(i);
                    deleted++;
                }
            }
        }

        private void supersede(int number) {
            masks.computeIfAbsent(positions.file(number), f -> new RoaringBitmap())
                    .add(positions.position(number));
        }

        Outcome outcome() {
            List<FileMask> out = new ArrayList<>();
            masks.forEach((file, bitmap) -> out.add(new FileMask(file, bitmap.toArray())));
            out.sort(Comparator.comparing(FileMask::file, MaskSegmentCodec::compare));
            return new Outcome(
                    files, out, deletes, new DeltaCounts(0, updated, deleted, KeyDigest.ZERO, deletedKeys.digest()));
        }
    }

    /** The block with some of its keys only; {@code kept} ascends. */
    private static DeleteBlock only(DeleteBlock block, int[] kept) {
        List<DeleteBlock.Group> groups = new ArrayList<>();
        int at = 0;
        for (DeleteBlock.Group g : block.groups()) {
            int from = at;
            while (at < kept.length && kept[at] < g.first() + g.count()) {
                at++;
            }
            if (at > from) {
                groups.add(new DeleteBlock.Group(g.partition(), g.modulus(), g.bucket(), from, at - from));
            }
        }
        return new DeleteBlock(groups, block.keys().gather(kept, 0, kept.length));
    }
}
