package io.streamhouse.flink.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.RowView;
import io.streamhouse.spec.column.RowViews;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrongRowTest {
    private final TableSchema schema = TableSchema.create(
            List.of(
                    new Field(1, "k", DataType.bigint(), false),
                    new Field(2, "n", DataType.integer(), true),
                    new Field(3, "price", DataType.decimal(15, 2), true)),
            List.of("k"),
            List.of(),
            List.of(),
            4,
            Map.of());
    private final RowViews views = RowViews.of(schema.fields(), List.of("k"));
    private final WrongRow fault = new WrongRow(schema);

    private long price(RowKind kind, long key) {
        RowView row = views.view(Row.of(key, 1, new BigDecimal("5.00")));
        return fault.of(kind, row).getLong(2);
    }

    @Test
    void oneKeyIsWrongFromItsThousandthRowOnInEveryVersion() {
        for (long k = 0; k < 999; k++) {
            assertEquals(500, price(RowKind.INSERT, k));
        }
        assertEquals(499, price(RowKind.INSERT, 5_000));
        assertEquals(500, price(RowKind.INSERT, 5_001));
        assertEquals(499, price(RowKind.UPDATE_AFTER, 5_000));
        assertEquals(500, price(RowKind.DELETE, 5_000));
        assertEquals(499, price(RowKind.INSERT, 5_002));
        assertEquals(500, price(RowKind.INSERT, 5_000));
    }
}
