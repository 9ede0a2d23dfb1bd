package io.streamhouse.flink.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.testkit.ParserJudge;
import java.io.IOException;

/** State of the source: splits and enumerator. */
class SourceStateFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void bytes(byte[] data) throws Exception {
        parse(data, () -> new TableSplitSerializer().deserialize(1, data));
        parse(data, () -> new EnumeratorStateSerializer().deserialize(1, data));
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
