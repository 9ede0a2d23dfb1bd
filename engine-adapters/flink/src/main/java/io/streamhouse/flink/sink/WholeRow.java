package io.streamhouse.flink.sink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.table.data.RowData;

/** The row itself: the partitioner looks at its bucket columns. */
final class WholeRow implements KeySelector<RowData, RowData>, ResultTypeQueryable<RowData> {
    private static final long serialVersionUID = 1L;

    private final TypeInformation<RowData> type;

    WholeRow(TypeInformation<RowData> type) {
        this.type = type;
    }

    @Override
    public RowData getKey(RowData row) {
        return row;
    }

    @Override
    public TypeInformation<RowData> getProducedType() {
        return type;
    }
}
