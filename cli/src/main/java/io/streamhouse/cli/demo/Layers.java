package io.streamhouse.cli.demo;

import io.streamhouse.cli.input.SourceTable;
import io.streamhouse.cli.sql.WarehouseCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The SQL of the demo: sources, tables of the three layers, and what fills them.
 *
 * <p>ODS: the change streams as keyed tables. DWD: line items with what is to be known of their order. DWS: revenue per
 * nation and month. The queries take the names of the relations they read, so that the oracle asks the same questions of
 * other relations.
 *
 * @param database database of the catalog {@code streamhouse} that holds the tables
 * @param input directory of the change streams, one directory a table
 */
record Layers(String database, Path input) {
    static final String DWD = "dwd_lineitem";
    static final String DWS = "dws_nation_month";

    private static final String SOURCE_PREFIX = "default_catalog.default_database.src_";
    private static final int BUCKETS = 4;

    /** How often the source looks for new files. */
    private static final String MONITOR_INTERVAL = "100 ms";

    /** Name of the ODS table of a source table. */
    static String ods(SourceTable source) {
        return "ods_" + source.name();
    }

    /** Columns of every table of the demo, in order, keys first. */
    static Map<String, List<String>> columns() {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (SourceTable source : SourceTable.ALL) {
            columns.put(
                    ods(source), source.columns().stream().map(c -> c.name()).toList());
        }
        columns.put(
                DWD,
                List.of(
                        "l_orderkey",
                        "l_linenumber",
                        "o_custkey",
                        "o_orderdate",
                        "o_orderstatus",
                        "l_extendedprice",
                        "l_discount",
                        "l_returnflag",
                        "revenue"));
        columns.put(DWS, List.of("nation", "order_month", "line_count", "revenue", "returned_revenue"));
        return columns;
    }

    /** Full name of a table of the demo. */
    String table(String name) {
        return WarehouseCatalog.NAME + "." + database + "." + name;
    }

    /** The change stream of a table as Flink's file source reads it, unbounded. */
    List<String> sourceDefinitions() {
        List<String> statements = new ArrayList<>();
        for (SourceTable source : SourceTable.ALL) {
            // without the key the planner finds no upsert key
            statements.add(
                    "CREATE TEMPORARY TABLE %s%s (%s, PRIMARY KEY (%s) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'debezium-json', 'source.monitor-interval' = '%s')"
                            .formatted(
                                    SOURCE_PREFIX,
                                    source.name(),
                                    source.columnDefinitions(),
                                    source.keyList(),
                                    uri(source),
                                    MONITOR_INTERVAL));
        }
        return statements;
    }

    /** CREATE DATABASE and CREATE TABLE for all layers. */
    List<String> tableDefinitions() {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE DATABASE %s.%s".formatted(WarehouseCatalog.NAME, database));
        for (SourceTable source : SourceTable.ALL) {
            statements.add("CREATE TABLE %s (%s, PRIMARY KEY (%s) NOT ENFORCED) WITH (%s)"
                    .formatted(
                            table(ods(source)),
                            source.columnDefinitions(),
                            source.keyList(),
                            options(source.key().get(0))));
        }
        statements.add(
                "CREATE TABLE %s (l_orderkey BIGINT, l_linenumber INT, o_custkey BIGINT, o_orderdate DATE, o_orderstatus STRING, l_extendedprice DECIMAL(15, 2), l_discount DECIMAL(15, 2), l_returnflag STRING, revenue DECIMAL(18, 4), PRIMARY KEY (l_orderkey, l_linenumber) NOT ENFORCED) WITH (%s)"
                        .formatted(table(DWD), options("l_orderkey")));
        statements.add(
                "CREATE TABLE %s (nation STRING, order_month STRING, line_count BIGINT, revenue DECIMAL(38, 4), returned_revenue DECIMAL(38, 4), PRIMARY KEY (nation, order_month) NOT ENFORCED) WITH (%s)"
                        .formatted(table(DWS), options("nation")));
        return statements;
    }

    private static String options(String bucketKey) {
        return "'bucket' = '%d', 'bucket-key' = '%s'".formatted(BUCKETS, bucketKey);
    }

    /** One INSERT a source table; they run as one job. */
    List<String> odsInserts() {
        return SourceTable.ALL.stream()
                .map(source -> "INSERT INTO %s SELECT %s FROM %s%s"
                        .formatted(table(ods(source)), source.columnList(), SOURCE_PREFIX, source.name()))
                .toList();
    }

    String dwdInsert(DwdLogic logic) {
        return "INSERT INTO %s %s"
                .formatted(
                        table(DWD), dwdQuery(logic, table(ods(SourceTable.LINEITEM)), table(ods(SourceTable.ORDERS))));
    }

    String dwsInsert() {
        return "INSERT INTO %s %s"
                .formatted(
                        table(DWS),
                        dwsQuery(table(DWD), table(ods(SourceTable.CUSTOMER)), table(ods(SourceTable.NATION))));
    }

    /** The statements that fill the tables of a layer; they run as one job. */
    List<String> inserts(Layer layer, DwdLogic logic) {
        return switch (layer) {
            case ODS -> odsInserts();
            case DWD -> List.of(dwdInsert(logic));
            case DWS -> List.of(dwsInsert());
        };
    }

    /** The correction of rows that the first logic wrote. */
    String correction() {
        return "UPDATE %s SET revenue = %s WHERE revenue <> %s"
                .formatted(table(DWD), DwdLogic.RIGHT.revenue(""), DwdLogic.RIGHT.revenue(""));
    }

    /** How many rows of DWD are wrong, and by how much in all. */
    String wrongRows() {
        return "SELECT COUNT(*) AS wrong_rows, SUM(revenue - %s) AS surplus FROM %s WHERE revenue <> %s"
                .formatted(DwdLogic.RIGHT.revenue(""), table(DWD), DwdLogic.RIGHT.revenue(""));
    }

    /** Line items beside their orders. The join keys hold the order's key, so the line item's key stays a key. */
    static String dwdQuery(DwdLogic logic, String lineitem, String orders) {
        return "SELECT l.l_orderkey, l.l_linenumber, o.o_custkey, o.o_orderdate, o.o_orderstatus, l.l_extendedprice, l.l_discount, l.l_returnflag, %s AS revenue FROM %s AS l JOIN %s AS o ON l.l_orderkey = o.o_orderkey"
                .formatted(logic.revenue("l."), lineitem, orders);
    }

    /** Revenue per nation and month; customers meet their nations first, which keeps the state of the join small. */
    static String dwsQuery(String dwd, String customer, String nation) {
        return "SELECT c.n_name AS nation, LEFT(CAST(d.o_orderdate AS STRING), 7) AS order_month, COUNT(*) AS line_count, SUM(d.revenue) AS revenue, SUM(CASE WHEN d.l_returnflag = 'R' THEN d.revenue ELSE 0 END) AS returned_revenue FROM %s AS d JOIN (SELECT c_custkey, n_name FROM %s JOIN %s ON c_nationkey = n_nationkey) AS c ON d.o_custkey = c.c_custkey GROUP BY c.n_name, LEFT(CAST(d.o_orderdate AS STRING), 7)"
                .formatted(dwd, customer, nation);
    }

    /** Questions that people ask while the jobs run; each prints one line of answer. */
    Map<String, String> liveQueries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put(
                "ODS orders by status",
                "SELECT o_orderstatus, COUNT(*) AS orders FROM %s GROUP BY o_orderstatus ORDER BY o_orderstatus"
                        .formatted(table(ods(SourceTable.ORDERS))));
        queries.put(
                "DWD lines, revenue and returns",
                "SELECT COUNT(*) AS line_count, SUM(revenue) AS revenue, COUNT(*) FILTER (WHERE l_returnflag = 'R') AS returned FROM %s"
                        .formatted(table(DWD)));
        queries.put(
                "DWS strongest nations",
                "SELECT nation, SUM(revenue) AS revenue FROM %s GROUP BY nation ORDER BY revenue DESC LIMIT 3"
                        .formatted(table(DWS)));
        return queries;
    }

    /** URI of the directory of one change stream. */
    String uri(SourceTable source) {
        return input.resolve(source.name()).toUri().toString().replace("'", "''");
    }
}
