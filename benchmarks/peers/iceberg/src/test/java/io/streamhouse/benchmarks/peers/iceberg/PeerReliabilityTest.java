package io.streamhouse.benchmarks.peers.iceberg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.benchmarks.peers.PeerReliability;
import io.streamhouse.testkit.ArchitectureRules;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("bench")
@Timeout(900)
class PeerReliabilityTest {
    /** Numbers of the row that begins with some words. */
    private static int[] row(String printed, String first) {
        String row =
                printed.lines().filter(l -> l.startsWith(first)).findFirst().orElseThrow();
        return java.util.Arrays.stream(row.substring(first.length()).split("\\|"))
                .map(String::strip)
                .filter(n -> n.matches("[0-9]+"))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Test
    void everyStoreRacesAndIsHarmed() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PeerReliability.of(
                        List.of("processes=2", "commits=3", "step=2000"),
                        Path.of(System.getProperty("streamhouse.peers")),
                        new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .run();
        String printed = bytes.toString(StandardCharsets.UTF_8);
        for (String store : List.of("Streamhouse, Parquet", "Paimon, append table", "Iceberg, Parquet")) {
            assertEquals(6, row(printed, "| " + store + " |")[0], printed);
        }
        for (String harm : List.of("bit flipped", "cut")) {
            for (String format : List.of("Parquet", "ORC")) {
                int[] ours = row(printed, "| Streamhouse, " + format + " | " + harm + " |");
                assertTrue(ours[0] > 0, printed);
                assertEquals(ours[0], ours[1] + ours[2], printed);
                assertTrue(row(printed, "| Paimon, " + format + " | " + harm + " |")[0] > 0, printed);
            }
            assertTrue(row(printed, "| Iceberg, Parquet | " + harm + " |")[0] > 0, printed);
        }
    }

    @Test
    void theModuleKeepsTheHouseRules() {
        ArchitectureRules.check("io.streamhouse.benchmarks.peers.iceberg");
    }
}
