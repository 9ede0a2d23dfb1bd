package io.streamhouse.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.key.Partition;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangePositionCodecTest {
    private static final List<ChangePosition> POSITIONS = List.of(
            ChangePosition.full(1),
            ChangePosition.changes(Long.MAX_VALUE),
            ChangePosition.in(Phase.FULL, 7, new ChangeSplitId(Partition.NONE, 0), 0),
            ChangePosition.in(Phase.CHANGES, 8, new ChangeSplitId(new Partition(new byte[] {1, 0, -1}), 31), 1L << 40));

    @Test
    void everyPositionReadsBackAsItWas() {
        for (ChangePosition p : POSITIONS) {
            assertEquals(p, ChangePositionCodec.read(ChangePositionCodec.write(p)));
        }
    }

    @Test
    void anotherVersionIsRefusedByName() {
        byte[] bytes = ChangePositionCodec.write(POSITIONS.get(3));
        bytes[0] = 2;
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> ChangePositionCodec.read(bytes));
        assertEquals(ErrorCode.UNKNOWN_VERSION, e.code());
    }

    @Test
    void everyTruncationIsRefused() {
        for (ChangePosition p : POSITIONS) {
            byte[] bytes = ChangePositionCodec.write(p);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                StreamhouseException e = assertThrows(StreamhouseException.class, () -> ChangePositionCodec.read(cut));
                assertEquals(ErrorCode.CORRUPT_FILE, e.code());
            }
        }
    }

    @Test
    void rowsOutsideOfASplitAreRefused() {
        byte[] bytes = ChangePositionCodec.write(POSITIONS.get(2));
        bytes[18] = 0;
        bytes[17] = 5;
        StreamhouseException e = assertThrows(StreamhouseException.class, () -> ChangePositionCodec.read(bytes));
        assertEquals(ErrorCode.CORRUPT_FILE, e.code());
    }
}
