package io.streamhouse.catalog;

import io.streamhouse.spec.key.KeyDigest;
import io.streamhouse.spec.table.BlockRef;
import io.streamhouse.spec.table.CommitChange;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileMask;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a commit wants to become, resolved against one head.
 *
 * @param kind any kind but FENCE
 * @param identity who commits; absent for COMPACT and for nothing else
 * @param schemaId schema of the new rows
 * @param base the newest snapshot when the first object that this brings along was written, or an earlier one; 0 if that
 *     is not known. What was written long ago is looked for before it is published
 * @param added new files; {@code addedIn}, {@code bornIn} and row ids are set when published
 * @param removed live files that leave the tree
 * @param masks positions that this commit supersedes, one mask per file, any order; empty masks do not exist
 * @param change counts and delete blocks; small inline blocks stay in the snapshot
 * @param rowCountDelta visible rows added minus removed
 * @param digestDelta digest of the visible keys added minus removed
 * @param watermark event-time watermark in milliseconds, if known
 * @param properties free properties of the snapshot
 * @param restored the older tree that a ROLLBACK publishes again instead of going on from the head's; then nothing is
 *     added, removed or masked
 */
public record SnapshotDraft(
        SnapshotKind kind,
        Optional<DeltaIdentity> identity,
        int schemaId,
        long base,
        List<DataFile> added,
        Set<UUID> removed,
        List<FileMask> masks,
        CommitChange change,
        long rowCountDelta,
        KeyDigest digestDelta,
        OptionalLong watermark,
        Map<String, String> properties,
        Optional<Restored> restored) {
    public SnapshotDraft {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(digestDelta, "digestDelta");
        Objects.requireNonNull(watermark, "watermark");
        Objects.requireNonNull(restored, "restored");
        added = List.copyOf(added);
        removed = Set.copyOf(removed);
        masks = List.copyOf(masks);
        properties = Map.copyOf(properties);
        if (kind == SnapshotKind.FENCE) {
            throw new IllegalArgumentException("a FENCE is published by SnapshotChain.fence");
        }
        // A COMPACT knows itself by its outputs; whatever else is published must be found again in the commit map.
        if (identity.isPresent() == (kind == SnapshotKind.COMPACT)) {
            throw new IllegalArgumentException(
                    "%s %s an identity".formatted(kind, identity.isPresent() ? "has" : "is without"));
        }
        if (restored.isPresent() != (kind == SnapshotKind.ROLLBACK)) {
            throw new IllegalArgumentException(
                    "%s %s an older tree".formatted(kind, restored.isPresent() ? "has" : "is without"));
        }
        if (restored.isPresent() && !(added.isEmpty() && removed.isEmpty() && masks.isEmpty())) {
            throw new IllegalArgumentException("a ROLLBACK adds, removes and masks nothing by itself");
        }
        boolean removes = kind == SnapshotKind.COMPACT || kind == SnapshotKind.OVERWRITE;
        if (!removed.isEmpty() && !removes) {
            throw new IllegalArgumentException("%s removes %d files".formatted(kind, removed.size()));
        }
        for (FileMask mask : masks) {
            if (removed.contains(mask.file())) {
                throw new IllegalArgumentException("%s masks rows of %s and removes it".formatted(kind, mask.file()));
            }
        }
        if (kind == SnapshotKind.COMPACT && (rowCountDelta != 0 || !digestDelta.equals(KeyDigest.ZERO))) {
            throw new IllegalArgumentException(
                    "a COMPACT changes the row count by %d and the digest by %s".formatted(rowCountDelta, digestDelta));
        }
    }

    /** Paths of all objects that this brings along. */
    Set<String> objects() {
        Set<String> paths = new LinkedHashSet<>();
        added.forEach(f -> paths.add(f.object().path()));
        Stream.concat(change.deletes().stream(), change.positionMap().stream())
                .filter(BlockRef.Stored.class::isInstance)
                .forEach(b -> paths.add(((BlockRef.Stored) b).path()));
        return paths;
    }

    /**
     * An older tree.
     *
     * @param target the snapshot whose tree is published again; its objects must be kept from expiring until the outcome
     *     is known
     * @param renewed files of it that do not stand at the head exactly as they stand there: their {@code addedIn} becomes
     *     the new snapshot
     */
    public record Restored(Snapshot target, Set<UUID> renewed) {
        public Restored {
            Objects.requireNonNull(target, "target");
            renewed = Set.copyOf(renewed);
        }
    }
}
