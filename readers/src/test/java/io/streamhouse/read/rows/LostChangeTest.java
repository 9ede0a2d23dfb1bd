package io.streamhouse.read.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.CommitStamp;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostChangeTest {
    private static final ChangeBatch BATCH = new ChangeBatch(
            ColumnBatch.of(List.of(new ColumnVector.Ints(3, null, new int[] {7, 8, 9}))),
            new byte[] {0, 1, 2},
            new long[] {1, 2, 3},
            new CommitStamp(1, 2, 3),
            false);

    @Test
    void withoutTheSwitchNothingIsLost() {
        for (int i = 0; i < 2000; i++) {
            assertSame(BATCH, LostChange.apply(BATCH));
        }
    }

    @Test
    void exactlyTheChosenChangeIsMissing() {
        ChangeBatch rest = LostChange.without(BATCH, 1);
        assertArrayEquals(new int[] {7, 9}, ((ColumnVector.Ints) rest.rows().column(0)).values());
        assertArrayEquals(new byte[] {0, 2}, rest.kinds());
        assertArrayEquals(new long[] {1, 3}, rest.rowsConsumed());
    }
}
