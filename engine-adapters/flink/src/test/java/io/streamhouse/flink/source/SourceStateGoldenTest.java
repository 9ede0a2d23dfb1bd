package io.streamhouse.flink.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** What stands in checkpoints of jobs that are running somewhere: version 1 stays readable, byte by byte. */
class SourceStateGoldenTest {
    private static final TableSplit SPLIT = new TableSplit(7, TableSplit.Kind.CHANGES, 3, new byte[] {1, 2, 3}, 300);
    private static final EnumeratorState STATE =
            new EnumeratorState(new EnumeratorState.Cursor(true, 12, EnumeratorState.Cursor.NO_END), 8, List.of(SPLIT));

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = SourceStateGoldenTest.class.getResourceAsStream("/golden/source-state.txt")) {
            String line = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(l -> l.startsWith(name + " "))
                    .findFirst()
                    .orElseThrow();
            return HexFormat.of().parseHex(line.substring(name.length() + 1));
        }
    }

    @Test
    void splitsAreWrittenAndReadAsInVersionOne() throws IOException {
        TableSplitSerializer serializer = new TableSplitSerializer();
        assertEquals(1, serializer.getVersion());
        assertArrayEquals(golden("split.v1"), serializer.serialize(SPLIT));
        TableSplit read = serializer.deserialize(1, golden("split.v1"));
        assertEquals(SPLIT.toString(), read.toString());
        assertArrayEquals(SPLIT.payload(), read.payload());
    }

    @Test
    void enumeratorStateIsWrittenAndReadAsInVersionOne() throws IOException {
        EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();
        assertEquals(1, serializer.getVersion());
        assertArrayEquals(golden("enumerator.v1"), serializer.serialize(STATE));
        EnumeratorState read = serializer.deserialize(1, golden("enumerator.v1"));
        assertEquals(STATE.cursor(), read.cursor());
        assertEquals(8, read.nextSequence());
        assertEquals(SPLIT.toString(), read.pending().get(0).toString());
        assertArrayEquals(golden("enumerator-start.v1"), serializer.serialize(EnumeratorState.START));
        assertEquals(EnumeratorState.START, serializer.deserialize(1, golden("enumerator-start.v1")));
    }

    @Test
    void otherVersionsAndDamageHaveTheirCode() throws IOException {
        byte[] bytes = golden("split.v1");
        Throwable newer =
                assertThrows(SuppressRestartsException.class, () -> new TableSplitSerializer().deserialize(2, bytes));
        assertTrue(newer.getCause().getMessage().contains("UNKNOWN_VERSION"), newer.getCause()::getMessage);
        byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length - 2);
        Throwable damaged = assertThrows(IOException.class, () -> new TableSplitSerializer().deserialize(1, cut));
        assertTrue(damaged.getMessage().contains("CORRUPT_FILE"), damaged::getMessage);
    }
}
