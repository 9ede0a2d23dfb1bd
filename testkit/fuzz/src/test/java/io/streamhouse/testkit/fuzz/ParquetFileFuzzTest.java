package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whole Parquet files whose footer is all that is known, as of a manifest. */
class ParquetFileFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        ParquetBytes.readFile(data);
    }
}
