package io.streamhouse.testkit.fuzz;

import io.streamhouse.testkit.ParserJudge;
import java.io.IOException;

/** What an engine gives back to its adapter after a restart. */
public final class EngineState {
    private EngineState() {}

    /** Damage reaches the engine as its own exception, with the code. */
    public static void parse(byte[] data, ParserJudge.Parser parser) throws IOException {
        ParserJudge.judge("", data.length, Sealed.FACTOR, () -> {
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
