package io.streamhouse.cli.sql;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.cli.failure.ScriptException;
import java.nio.charset.StandardCharsets;

/** SQL scripts. */
class StatementSplitterFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void text(byte[] data) throws Exception {
        String script = new String(data, StandardCharsets.UTF_8);
        try {
            for (Statement statement : StatementSplitter.split(script)) {
                if (!script.contains(statement.text())) {
                    throw new AssertionError("the script has no statement " + statement.text());
                }
            }
        } catch (ScriptException e) {
            return; // something is not closed
        }
    }
}
