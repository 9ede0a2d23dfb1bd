package io.streamhouse.cli.demo;

import io.streamhouse.cli.input.SourceTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;

/**
 * What the tables must hold: the same files, read by Flink in batch as plain JSON, the last event of every key.
 *
 * <p>Batch refuses {@code debezium-json}, so nothing of the streaming path is shared but the files and Flink itself.
 * Answers are kept: the input does not change once all of it is published.
 */
final class Oracle {
    private static final String RAW = "default_catalog.default_database.raw_";
    private static final String LATEST = "default_catalog.default_database.latest_";

    private final TableEnvironment batch;
    private final Layers layers;
    private final Map<String, TableDigest> kept = new LinkedHashMap<>();

    /**
     * Declares the files as tables of the session.
     *
     * @param batch a batch session of its own, in which the catalog of the demo exists
     */
    Oracle(TableEnvironment batch, Layers layers) {
        this.batch = batch;
        this.layers = layers;
        batch.createTemporarySystemFunction(RowHashFunction.NAME, RowHashFunction.class);
        for (SourceTable source : SourceTable.ALL) {
            batch.executeSql(rawDefinition(source));
            batch.executeSql("CREATE TEMPORARY VIEW %s%s AS %s".formatted(LATEST, source.name(), latest(source)));
        }
    }

    /** What the tables of one layer must hold, by table; computed at the first call. */
    Map<String, TableDigest> expected(Layer layer) {
        Map<String, String> relations = relations(layer);
        if (!kept.keySet().containsAll(relations.keySet())) {
            kept.putAll(digests(relations));
        }
        Map<String, TableDigest> expected = new LinkedHashMap<>();
        relations.keySet().forEach(table -> expected.put(table, kept.get(table)));
        return expected;
    }

    /** What the tables of one layer hold at their newest snapshot, read by batch SQL. */
    Map<String, TableDigest> actual(Layer layer) {
        Map<String, String> relations = new LinkedHashMap<>();
        layer.tables().forEach(table -> relations.put(table, layers.table(table)));
        return digests(relations);
    }

    /** What a table held at each of some snapshots, read by time travel in batch SQL. */
    Map<Long, TableDigest> at(String table, List<Long> snapshotIds) {
        Map<String, String> queries = new LinkedHashMap<>();
        for (long id : snapshotIds) {
            String relation = "%s /*+ OPTIONS('scan.snapshot-id' = '%d') */".formatted(layers.table(table), id);
            queries.put(Long.toString(id), digestQuery(table, relation));
        }
        Map<Long, TableDigest> digests = new LinkedHashMap<>();
        run(queries).forEach((id, digest) -> digests.put(Long.valueOf(id), digest));
        return digests;
    }

    /** The first rows in which a table and its oracle differ, each with the side that has it; for a failed check. */
    List<String> differences(Layer layer, String table, int limit) {
        String columns = String.join(", ", Layers.columns().get(table));
        String is = "SELECT %s FROM %s".formatted(columns, layers.table(table));
        String should = "SELECT %s FROM %s".formatted(columns, relations(layer).get(table));
        List<String> found = new ArrayList<>();
        String form = "SELECT * FROM ((%s) EXCEPT ALL (%s)) LIMIT %d";
        BatchQuery.rows(batch, form.formatted(should, is, limit)).forEach(row -> found.add("missing " + row));
        BatchQuery.rows(batch, form.formatted(is, should, limit)).forEach(row -> found.add("surplus " + row));
        return found.subList(0, Math.min(limit, found.size()));
    }

    private Map<String, String> relations(Layer layer) {
        Map<String, String> relations = new LinkedHashMap<>();
        switch (layer) {
            case ODS -> SourceTable.ALL.forEach(source -> relations.put(Layers.ods(source), LATEST + source.name()));
            case DWD -> relations.put(Layers.DWD, "(" + dwd() + ")");
            case DWS ->
                relations.put(
                        Layers.DWS,
                        "("
                                + Layers.dwsQuery(
                                        "(" + dwd() + ")",
                                        LATEST + SourceTable.CUSTOMER.name(),
                                        LATEST + SourceTable.NATION.name())
                                + ")");
        }
        return relations;
    }

    private static String dwd() {
        return Layers.dwdQuery(
                DwdLogic.RIGHT, LATEST + SourceTable.LINEITEM.name(), LATEST + SourceTable.ORDERS.name());
    }

    private Map<String, TableDigest> digests(Map<String, String> relations) {
        Map<String, String> queries = new LinkedHashMap<>();
        relations.forEach((table, relation) -> queries.put(table, digestQuery(table, relation)));
        return run(queries);
    }

    private static String digestQuery(String table, String relation) {
        return "%s(%s) AS digest FROM %s"
                .formatted(
                        RowHashFunction.NAME, String.join(", ", Layers.columns().get(table)), relation);
    }

    /** One statement for all: a batch job costs more to start than these tables to read. */
    private Map<String, TableDigest> run(Map<String, String> queries) {
        String union = queries.entrySet().stream()
                .map(entry -> "SELECT '%s' AS name, %s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(" UNION ALL "));
        Map<String, TableDigest> digests = new LinkedHashMap<>();
        for (Row row : BatchQuery.rows(batch, union)) {
            digests.put((String) row.getField(0), TableDigest.parse((String) row.getField(1)));
        }
        return digests;
    }

    private String rawDefinition(SourceTable source) {
        return "CREATE TEMPORARY TABLE %s%s (`before` ROW<%s>, `after` ROW<%s>, op STRING, ts_ms BIGINT) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json')"
                .formatted(
                        RAW, source.name(), source.columnDefinitions(), source.columnDefinitions(), layers.uri(source));
    }

    /** The row of every key after its last event; no row if that was a delete. */
    private static String latest(SourceTable source) {
        String keys = source.key().stream()
                .map(key -> "COALESCE(`after`.%s, `before`.%s)".formatted(key, key))
                .collect(Collectors.joining(", "));
        String columns = source.columns().stream()
                .map(column -> "`after`.%s AS %s".formatted(column.name(), column.name()))
                .collect(Collectors.joining(", "));
        return "SELECT %s FROM (SELECT %s, op, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY ts_ms DESC) AS place FROM %s%s) WHERE place = 1 AND op <> 'd'"
                .formatted(source.columnList(), columns, keys, RAW, source.name());
    }
}
