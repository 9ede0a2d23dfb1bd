package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.ManifestRows;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnBuilder;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.type.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rows of a manifest with any values. */
class ManifestRowsFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(data);
        List<ColumnVector> columns = new ArrayList<>();
        for (Field field : ManifestRows.FIELDS) {
            ColumnBuilder column = ColumnBuilder.of(field.type().physical());
            if (column instanceof ColumnBuilder.OfInts ints) {
                ints.append(in.remaining() < 4 ? 1 : in.getInt());
            } else if (column instanceof ColumnBuilder.OfLongs longs) {
                longs.append(in.remaining() < 8 ? 1 : in.getLong());
            } else {
                byte[] bytes = new byte[in.hasRemaining() ? Math.min(in.get() & 0xff, in.remaining()) : 0];
                in.get(bytes);
                ((ColumnBuilder.OfBytes) column).append(field.id() < 16 ? bytes : Sealed.frame(bytes));
            }
            columns.add(column.build());
        }
        ColumnBatch batch = ColumnBatch.of(columns);
        Sealed.parse(data, (bytes, object) -> ManifestRows.entries(batch, object));
    }
}
