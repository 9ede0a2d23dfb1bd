package io.streamhouse.flink.sink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.testkit.fuzz.EngineState;

/** State of the sink: committables and deltas. */
class SinkStateFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void bytes(byte[] data) throws Exception {
        EngineState.parse(data, () -> new CommitDeltaSerializer().deserialize(1, data));
        EngineState.parse(data, () -> new TableDeltaSerializer().deserialize(1, data));
    }
}
