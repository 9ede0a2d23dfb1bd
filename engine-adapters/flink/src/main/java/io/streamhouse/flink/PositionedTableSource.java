package io.streamhouse.flink;

import io.streamhouse.flink.source.PositionColumn;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.spec.option.ScanOptions;
import io.streamhouse.spec.type.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.types.DataType;

/** A table without key in batch: its rows can be asked where they stand. */
final class PositionedTableSource extends StreamhouseTableSource implements SupportsReadingMetadata {
    PositionedTableSource(TableAddress address, TableSchema schema, ScanOptions options, LongSupplier newest) {
        super(address, schema, options, true, newest);
    }

    private PositionedTableSource(StreamhouseTableSource other) {
        super(other);
    }

    /** The columns as a sink requires them. */
    static List<Column> columns() {
        return List.of(PositionColumn.values()).stream()
                .<Column>map(c -> Column.metadata(c.key(), type(c), c.key(), true))
                .toList();
    }

    private static DataType type(PositionColumn column) {
        return (column.isInt() ? DataTypes.INT() : DataTypes.BIGINT()).notNull();
    }

    @Override
    public Map<String, DataType> listReadableMetadata() {
        Map<String, DataType> out = new LinkedHashMap<>();
        for (PositionColumn column : PositionColumn.values()) {
            out.put(column.key(), type(column));
        }
        return out;
    }

    @Override
    public void applyReadableMetadata(List<String> keys, DataType produced) {
        readPositions(keys.stream().map(PositionColumn::of).toList());
    }

    @Override
    public PositionedTableSource copy() {
        return new PositionedTableSource(this);
    }
}
