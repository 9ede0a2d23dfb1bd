package io.streamhouse.spec.option;

/** Who reads an option. All may stand in a table's WITH clause; hints override them for one statement. */
public enum OptionScope {
    TABLE,
    SCAN,
    SINK
}
