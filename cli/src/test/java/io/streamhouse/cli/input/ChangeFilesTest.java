package io.streamhouse.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFilesTest {
    private static final double SCALE = 0.01;
    private static final long SEED = Long.getLong("streamhouse.seed", 42);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static ChangeFiles.Input input;

    @BeforeAll
    static void write() {
        System.out.println("seed " + SEED);
        input = ChangeFiles.write(directory.resolve("a"), SCALE, SEED);
    }

    @Test
    void sameScaleAndSeedGiveTheSameBytesAndAnotherSeedGivesOthers() throws IOException {
        Path again = directory.resolve("again");
        ChangeFiles.write(again, SCALE, SEED);
        Path other = directory.resolve("other");
        ChangeFiles.write(other, SCALE, SEED + 1);
        boolean differs = false;
        for (ChangeFile file : allFiles()) {
            Path relative = directory.resolve("a").relativize(file.hidden());
            assertEquals(-1, Files.mismatch(file.hidden(), again.resolve(relative)), relative.toString());
            differs |= !Files.exists(other.resolve(relative))
                    || Files.mismatch(file.hidden(), other.resolve(relative)) != -1;
        }
        assertTrue(differs);
    }

    @Test
    void everyEventContinuesTheRowThatTheStreamHasShownSoFar() throws IOException {
        long events = 0;
        for (SourceTable table : SourceTable.ALL) {
            Map<String, JsonNode> rows = new TreeMap<>();
            long number = 0;
            for (JsonNode event : events(table)) {
                number++;
                assertEquals(number, event.get("ts_ms").asLong());
                fold(table, rows, event, number);
            }
            events += number;
            assertFalse(rows.isEmpty());
        }
        assertEquals(input.events(), events);
    }

    @Test
    void filesEndWithEventsThatCanBeSeenAndStayHiddenAndSmall() throws IOException {
        for (ChangeFile file : allFiles()) {
            List<JsonNode> events = read(file.hidden());
            JsonNode last = events.get(events.size() - 1);
            assertNotEquals("d", last.get("op").asText(), file.toString());
            assertEquals(
                    file.lastEvent(),
                    last.get("after").get(SourceTable.EVENT_NUMBER).asLong());
            assertEquals(file.events(), events.size());
            assertTrue(file.sizeBytes() < 32 << 20);
            assertTrue(file.hidden().getFileName().toString().startsWith("."));
        }
        assertTrue(input.files().get(SourceTable.ORDERS).size() >= 10);
        assertTrue(input.files().get(SourceTable.LINEITEM).size() >= 10);
    }

    @Test
    void ordersArriveInDateOrderAndTakeAllThreeStates() throws IOException {
        String lastDate = "";
        Map<String, String> states = new HashMap<>();
        Set<String> steps = new TreeSet<>();
        for (JsonNode event : events(SourceTable.ORDERS)) {
            JsonNode after = event.get("after");
            String state = after.get("o_orderstatus").asText();
            String before = states.put(after.get("o_orderkey").asText(), state);
            steps.add((before == null ? "" : before) + state);
            if (before == null) {
                String date = after.get("o_orderdate").asText();
                assertTrue(date.compareTo(lastDate) >= 0, date);
                lastDate = date;
            }
        }
        assertEquals(Set.of("O", "OF", "OP", "PF"), steps);
        assertEquals(Set.of("O", "P", "F"), Set.copyOf(states.values()));
    }

    @Test
    void lineItemsAreAddedReturnedCancelledAndAddedAgain() throws IOException {
        Map<String, StringBuilder> lives = new HashMap<>();
        for (JsonNode event : events(SourceTable.LINEITEM)) {
            lives.computeIfAbsent(key(SourceTable.LINEITEM, event), k -> new StringBuilder())
                    .append(event.get("op").asText());
        }
        Set<String> kinds = new TreeSet<>();
        lives.values().forEach(life -> kinds.add(life.toString()));
        assertEquals(Set.of("c", "cu", "cd", "cdc", "cdcu"), kinds);
    }

    @Test
    void theEventCountAtScaleOneTenthIsAboutElevenHundredThousand() {
        double scaled = input.events() * (0.1 / SCALE);
        assertTrue(scaled > 1_100_000 && scaled < 1_200_000, "events at 0.1: " + scaled);
    }

    private static void fold(SourceTable table, Map<String, JsonNode> rows, JsonNode event, long number) {
        String key = key(table, event);
        JsonNode before = event.get("before");
        JsonNode after = event.get("after");
        switch (event.get("op").asText()) {
            case "c" -> {
                assertTrue(before.isNull());
                assertNull(rows.put(key, after), key);
            }
            case "u" -> assertEquals(rows.put(key, after), before);
            case "d" -> {
                assertTrue(after.isNull());
                assertEquals(rows.remove(key), before);
            }
            default -> throw new AssertionError(event);
        }
        if (!after.isNull()) {
            assertEquals(number, after.get(SourceTable.EVENT_NUMBER).asLong());
            assertEquals(table.columns().size(), after.size());
        }
    }

    private static String key(SourceTable table, JsonNode event) {
        JsonNode row = event.get("after").isNull() ? event.get("before") : event.get("after");
        List<String> parts = new ArrayList<>();
        table.key().forEach(column -> parts.add(row.get(column).asText()));
        return String.join("/", parts);
    }

    private static List<ChangeFile> allFiles() {
        return input.files().values().stream().flatMap(List::stream).toList();
    }

    private static List<JsonNode> events(SourceTable table) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (ChangeFile file : input.files().get(table)) {
            events.addAll(read(file.hidden()));
        }
        return events;
    }

    private static List<JsonNode> read(Path file) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            events.add(JSON.readTree(line));
        }
        return events;
    }
}
