package io.streamhouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecoveryBenchmarkTest {
    @Test
    void everyRecoveryCommitsOnAllLiveFiles() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            RecoveryBenchmark.of(List.of("--commits", "6", "--writers", "2", "--rows", "20", "--recoveries", "3"))
                    .run();
        } finally {
            System.setOut(before);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        // two files a commit, and a fence before each attempt
        Matcher m =
                Pattern.compile("recovery: (\\d+) live files, (\\d+) snapshots").matcher(text);
        assertEquals(true, m.find(), text);
        assertEquals(2 * (6 + 3), Integer.parseInt(m.group(1)), text);
        assertEquals(6 + 3 + 4, Integer.parseInt(m.group(2)), text);
    }

    @Test
    void anArgumentThatCannotBeIsNamed() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> RecoveryBenchmark.of(List.of("--recoveries", "0")));
        assertEquals(true, e.getMessage().contains("0 recoveries"), e.getMessage());
    }
}
