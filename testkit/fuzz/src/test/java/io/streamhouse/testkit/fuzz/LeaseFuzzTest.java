package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.LeaseCodec;

/** Lease records. */
class LeaseFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseLines(data, LeaseCodec::read);
    }
}
