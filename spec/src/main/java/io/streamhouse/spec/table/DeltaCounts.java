package io.streamhouse.spec.table;

import io.streamhouse.spec.key.KeyDigest;
import java.util.Objects;

/**
 * What a delta changes, as seen from its own base.
 *
 * @param inserted rows without an older version
 * @param updated rows with an older version
 * @param deleted deletes that found their key
 * @param insertedKeys digest sum of the inserted keys
 * @param deletedKeys digest sum of the found deleted keys
 */
public record DeltaCounts(long inserted, long updated, long deleted, KeyDigest insertedKeys, KeyDigest deletedKeys) {
    public static final DeltaCounts ZERO = new DeltaCounts(0, 0, 0, KeyDigest.ZERO, KeyDigest.ZERO);

    public DeltaCounts {
        Objects.requireNonNull(insertedKeys, "insertedKeys");
        Objects.requireNonNull(deletedKeys, "deletedKeys");
    }

    public DeltaCounts plus(DeltaCounts o) {
        return new DeltaCounts(
                inserted + o.inserted,
                updated + o.updated,
                deleted + o.deleted,
                insertedKeys.plus(o.insertedKeys),
                deletedKeys.plus(o.deletedKeys));
    }
}
