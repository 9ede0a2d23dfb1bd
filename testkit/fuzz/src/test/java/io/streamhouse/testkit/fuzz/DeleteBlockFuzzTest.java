package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.DeleteBlockCodec;

/** Delete blocks. */
class DeleteBlockFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, DeleteBlockCodec::read);
    }
}
