package io.streamhouse.columnar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.table.FileFormat;
import org.junit.jupiter.api.Test;

class ParquetCorruptionTest extends CorruptionContract {
    @Override
    FileFormat format() {
        return FileFormat.PARQUET;
    }

    /** Who forges a checksum can forge rows, and no more: whatever the decoders meet, they give rows or a typed error. */
    @Test
    void aForgedChunkChecksumNeverBreaksTheParser() throws Exception {
        int[] outcomes = forge(3, 4000);
        assertTrue(outcomes[Outcome.WRONG.ordinal()] > 0, "no flip reached a decoder");
        assertTrue(outcomes[Outcome.REFUSED.ordinal()] > 0, "no decoder refused anything");
    }
}
