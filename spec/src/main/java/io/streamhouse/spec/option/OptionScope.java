package io.streamhouse.spec.option;

/**
 * Who reads an option. Those of tables, scans and sinks may stand in a table's WITH clause, and hints override them for
 * one statement; those of a catalog say where its warehouse is and who may read it, and get into no table.
 */
public enum OptionScope {
    CATALOG,
    TABLE,
    SCAN,
    SINK
}
