package io.streamhouse.columnar;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.FileFormat;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TypeRoot;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrcFormatTest extends FormatContract {
    @Override
    FileFormat format() {
        return FileFormat.ORC;
    }

    @Override
    ModelRows random(Random random, List<Field> fields, int rowCount) {
        return super.random(random, fields, rowCount).forOrc();
    }

    @Test
    void aTimeThatOrcWouldChangeIsRefusedAndItsNeighboursAreKept() throws Exception {
        for (int digits : new int[] {6, 9}) {
            DataType type = new DataType(TypeRoot.TIMESTAMP_LTZ, digits, 0);
            long second = type.isNanos() ? 1_000_000_000L : 1_000_000L;
            long milli = second / 1000;
            ModelRows good = new ModelRows(List.of(new Field(1, "at", type, true)));
            for (long at :
                    new long[] {0, 1, milli, second, -second, -second + milli - 1, -second - 1, -second - milli}) {
                good.rows.add(new Object[] {at});
                good.rows.add(new Object[] {null});
            }
            try (ColumnFileWriter out = writer(good.fields, Set.of(1))) {
                for (long lost : new long[] {-1, -milli, -second / 2, -second + milli}) {
                    ModelRows one = new ModelRows(good.fields);
                    one.rows.add(new Object[] {lost});
                    assertCode(ErrorCode.SCHEMA_MISMATCH, () -> out.write(one.batch(0, 1, new Random(1), true)));
                }
                out.write(good.batch(0, good.rows.size(), new Random(2), true));
                DataFile file = dataFile(out.finish());
                assertRows(good, file);
            }
        }
    }
}
