package io.streamhouse.flink.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.testkit.fuzz.EngineState;

/** State of the source: splits and enumerator. */
class SourceStateFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void bytes(byte[] data) throws Exception {
        EngineState.parse(data, () -> new TableSplitSerializer().deserialize(1, data));
        EngineState.parse(data, () -> new EnumeratorStateSerializer().deserialize(1, data));
    }
}
