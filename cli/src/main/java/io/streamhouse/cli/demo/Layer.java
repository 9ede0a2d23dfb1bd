package io.streamhouse.cli.demo;

import io.streamhouse.cli.input.SourceTable;
import java.util.List;

/** The layers of the warehouse, from the raw one to the one that people look at. */
enum Layer {
    ODS(SourceTable.ALL.stream().map(Layers::ods).toList()),
    DWD(List.of(Layers.DWD)),
    DWS(List.of(Layers.DWS));

    private final List<String> tables;

    Layer(List<String> tables) {
        this.tables = tables;
    }

    /** Names of its tables. */
    List<String> tables() {
        return tables;
    }
}
