package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.MaskSegmentCodec;

/** Mask segments. */
class MaskSegmentFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, MaskSegmentCodec::read);
    }
}
