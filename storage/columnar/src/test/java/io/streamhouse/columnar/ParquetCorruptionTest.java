package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.FileFormat;
import org.junit.jupiter.api.Test;

class ParquetCorruptionTest extends CorruptionContract {
    @Override
    FileFormat format() {
        return FileFormat.PARQUET;
    }

    /** Page checksums guard the bodies. What a forged header can still change is counted, not excluded. */
    @Test
    void aForgedChunkChecksumNeverBreaksTheParser() throws Exception {
        int[] outcomes = forge(3, 4000);
        assertTrue(outcomes[Outcome.WRONG.ordinal()] * 50 < outcomes[Outcome.REFUSED.ordinal()]);
    }
}
