package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A column chunk of one page under right checksums. */
class ParquetPagesFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        ParquetBytes.readPage(data);
    }
}
