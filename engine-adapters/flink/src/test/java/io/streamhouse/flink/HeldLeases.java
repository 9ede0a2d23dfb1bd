package io.streamhouse.flink;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.codec.LeaseCodec;
import io.streamhouse.spec.table.Lease;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leases of the tables of a warehouse, as their objects say. */
final class HeldLeases {
    private HeldLeases() {}

    /** All leases of a table by their newest record, those that were given back too. */
    static List<Lease> all(Path warehouse, String table) throws IOException {
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            ObjectStore store =
                    catalog.table(TableName.of("default", table)).components().store();
            Map<String, Long> newest = new TreeMap<>();
            for (ObjectInfo object : store.list("consumers")) {
                int name = object.path().lastIndexOf('/') + 1;
                newest.merge(
                        object.path().substring(0, name),
                        Long.parseLong(object.path().substring(name)),
                        Math::max);
            }
            List<Lease> out = new ArrayList<>();
            for (var e : newest.entrySet()) {
                String path = e.getKey() + e.getValue();
                out.add(LeaseCodec.read(store.read(path), path));
            }
            return out;
        } catch (StreamhouseException e) {
            if (e.code() == ErrorCode.MISSING_FILE) {
                return all(warehouse, table); // its holder has renewed it or given it back since the list
            }
            throw e;
        }
    }

    /** Waits until every statement has given its leases back; that happens after its result is known. */
    static void awaitNone(Path warehouse) throws Exception {
        List<String> tables;
        try (Catalog catalog = Catalogs.open(warehouse.toUri(), Map.of())) {
            tables = catalog.tables("default");
        }
        for (String table : tables) {
            Jobs.await("leases of " + table + " are given back", () -> all(warehouse, table).stream()
                    .allMatch(l -> l.validUntilMillis() == 0));
        }
    }
}
