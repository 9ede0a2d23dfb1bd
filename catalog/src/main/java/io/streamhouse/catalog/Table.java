package io.streamhouse.catalog;

import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.storage.Components;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** One table, opened. Thread-safe. */
public interface Table {
    TableName name();

    /** What it was given when it was created, another one than every table before it under the name; empty in older tables. */
    Optional<UUID> identity();

    /** Root of the table's objects, without a trailing slash. */
    String uri();

    /** Newest schema when the table was opened. */
    TableSchema schema();

    /** Any schema that the table ever had; {@code MISSING_FILE} if there is none of that id. */
    TableSchema schema(int id) throws IOException;

    SnapshotChain snapshots();

    /** What readers keep from expiring. */
    Leases leases();

    /** Expiry of this table's snapshots, as its options say. Keep one per process: it remembers when it has to look again. */
    SnapshotExpiry expiry();

    /** Store scoped to the table's root, with the catalog's clock, ids, random and executor. */
    Components components();
}
