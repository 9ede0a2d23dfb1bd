package io.streamhouse.cli.input;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One table of the source database, as its change stream tells it.
 *
 * @param name table name
 * @param columns columns in order; the last one is {@value #EVENT_NUMBER}, the number of the event that made the row
 * @param key names of the primary key's columns
 */
public record SourceTable(String name, List<Column> columns, List<String> key) {
    /** Ascending per table from 1; every row image carries the number of the event that wrote it. */
    public static final String EVENT_NUMBER = "event_no";

    public static final SourceTable ORDERS = new SourceTable(
            "orders",
            List.of(
                    new Column("o_orderkey", "BIGINT"),
                    new Column("o_custkey", "BIGINT"),
                    new Column("o_orderstatus", "STRING"),
                    new Column("o_totalprice", "DECIMAL(15, 2)"),
                    new Column("o_orderdate", "DATE"),
                    new Column("o_orderpriority", "STRING"),
                    new Column(EVENT_NUMBER, "BIGINT")),
            List.of("o_orderkey"));

    public static final SourceTable LINEITEM = new SourceTable(
            "lineitem",
            List.of(
                    new Column("l_orderkey", "BIGINT"),
                    new Column("l_linenumber", "INT"),
                    new Column("l_partkey", "BIGINT"),
                    new Column("l_quantity", "INT"),
                    new Column("l_extendedprice", "DECIMAL(15, 2)"),
                    new Column("l_discount", "DECIMAL(15, 2)"),
                    new Column("l_returnflag", "STRING"),
                    new Column("l_shipdate", "DATE"),
                    new Column("l_shipmode", "STRING"),
                    new Column(EVENT_NUMBER, "BIGINT")),
            List.of("l_orderkey", "l_linenumber"));

    public static final SourceTable CUSTOMER = new SourceTable(
            "customer",
            List.of(
                    new Column("c_custkey", "BIGINT"),
                    new Column("c_name", "STRING"),
                    new Column("c_nationkey", "BIGINT"),
                    new Column("c_mktsegment", "STRING"),
                    new Column("c_acctbal", "DECIMAL(15, 2)"),
                    new Column(EVENT_NUMBER, "BIGINT")),
            List.of("c_custkey"));

    public static final SourceTable NATION = new SourceTable(
            "nation",
            List.of(
                    new Column("n_nationkey", "BIGINT"),
                    new Column("n_name", "STRING"),
                    new Column("n_regionkey", "BIGINT"),
                    new Column(EVENT_NUMBER, "BIGINT")),
            List.of("n_nationkey"));

    /** All tables, reference tables first. */
    public static final List<SourceTable> ALL = List.of(NATION, CUSTOMER, ORDERS, LINEITEM);

    public SourceTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** Column names in order, separated by commas. */
    public String columnList() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Columns in order as a DDL lists them. */
    public String columnDefinitions() {
        return columns.stream().map(c -> c.name() + " " + c.type()).collect(Collectors.joining(", "));
    }

    /** Key column names, separated by commas. */
    public String keyList() {
        return String.join(", ", key);
    }

    /** Place of the event number in a row. */
    public int eventNumberIndex() {
        return columns.size() - 1;
    }
}
