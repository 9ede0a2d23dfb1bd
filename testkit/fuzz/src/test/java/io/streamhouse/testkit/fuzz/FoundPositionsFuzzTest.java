package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.FoundPositionsCodec;

/** Found positions. */
class FoundPositionsFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, (bytes, object) -> FoundPositionsCodec.read(bytes, data.length, object));
    }
}
