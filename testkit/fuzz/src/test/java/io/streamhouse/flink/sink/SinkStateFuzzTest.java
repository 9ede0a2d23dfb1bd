package io.streamhouse.flink.sink;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.testkit.ParserJudge;
import java.io.IOException;

/** State of the sink: committables and deltas. */
class SinkStateFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void bytes(byte[] data) throws Exception {
        parse(data, () -> new CommitDeltaSerializer().deserialize(1, data));
        parse(data, () -> new TableDeltaSerializer().deserialize(1, data));
    }

    /** Damage reaches the engine as its own exception, with the code. */
    private static void parse(byte[] data, ParserJudge.Parser parser) throws IOException {
        ParserJudge.judge("", data.length, 512, () -> {
            try {
                parser.parse();
            } catch (IOException | RuntimeException e) {
                String text = e.getMessage() + " " + e.getCause();
                if (!text.contains("CORRUPT_FILE") && !text.contains("UNKNOWN_VERSION")) {
                    throw e;
                }
            }
        });
    }
}
