package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.FileEntryCodec;

/** File entries, as they stand in the tail of a snapshot. */
class FileEntryFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, FileEntryCodec::read);
    }
}
