package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.Option;
import io.streamhouse.spec.option.Options;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Values of all options, and keys. */
class OptionsFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.UTF_8);
        for (Option<?> option : Options.all()) {
            refusedOnly(() -> Options.check(Map.of(option.key(), text)));
        }
        refusedOnly(() -> Options.check(Map.of(text, "x")));
    }

    /** A user's error is one line with a code; anything else escapes. */
    private static void refusedOnly(Runnable parse) {
        try {
            parse.run();
        } catch (StreamhouseException e) {
            if (e.getMessage().codePoints().anyMatch(Character::isISOControl)) {
                throw new AssertionError("control characters in the message", e);
            }
        }
    }
}
