package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.TableDeltaCodec;

/** What a writer hands over. */
class TableDeltaFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, TableDeltaCodec::read);
    }
}
