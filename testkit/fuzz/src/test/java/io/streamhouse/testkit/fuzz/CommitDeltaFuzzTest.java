package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.CommitDeltaCodec;

/** Committables. */
class CommitDeltaFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, CommitDeltaCodec::read);
    }
}
