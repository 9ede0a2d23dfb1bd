package io.streamhouse.flink.sink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Committables in checkpoints are the format's own golden bytes, without anything around them. */
class SinkStateGoldenTest {
    private static byte[] golden(String name) throws IOException {
        return Files.readAllBytes(Path.of("../../spec/golden").resolve(name));
    }

    @Test
    void committablesAreWrittenAndReadAsInVersionOne() throws IOException {
        CommitDeltaSerializer serializer = new CommitDeltaSerializer();
        byte[] bytes = golden("commit-delta.bin");
        assertEquals(1, serializer.getVersion());
        assertArrayEquals(bytes, serializer.serialize(serializer.deserialize(1, bytes)));
    }

    @Test
    void resultsOfWritersAreWrittenAndReadAsInVersionOne() throws IOException {
        TableDeltaSerializer serializer = new TableDeltaSerializer();
        byte[] bytes = golden("table-delta.bin");
        assertEquals(1, serializer.getVersion());
        assertArrayEquals(bytes, serializer.serialize(serializer.deserialize(1, bytes)));
    }
}
