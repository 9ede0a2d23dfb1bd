package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.log.ChangePositionCodec;
import io.streamhouse.read.ChangeSplitCodec;
import io.streamhouse.read.ScanSplitCodec;
import io.streamhouse.testkit.ParserJudge;

/** Splits of scans and subscriptions, and positions between them. */
class SplitsFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        for (byte[] bytes : new byte[][] {data, Sealed.frame(data)}) {
            ParserJudge.judge("split of a scan", bytes.length, Sealed.FACTOR, () -> ScanSplitCodec.read(bytes));
            ParserJudge.judge("split of a changelog", bytes.length, Sealed.FACTOR, () -> ChangeSplitCodec.read(bytes));
        }
        ParserJudge.judge("position of a changelog", data.length, Sealed.FACTOR, () -> ChangePositionCodec.read(data));
    }
}
