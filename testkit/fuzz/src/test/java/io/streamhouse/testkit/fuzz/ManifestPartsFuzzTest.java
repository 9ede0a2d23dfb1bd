package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.ColumnStatsCodec;
import io.streamhouse.spec.codec.RowGroupCodec;
import io.streamhouse.spec.codec.SliceCodec;

/** Slices, row groups and statistics: the columns of a manifest that are frames. */
class ManifestPartsFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        Sealed.parseFrame(data, SliceCodec::read);
        Sealed.parseFrame(data, RowGroupCodec::read);
        Sealed.parseFrame(data, ColumnStatsCodec::read);
    }
}
