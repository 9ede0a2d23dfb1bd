package io.streamhouse.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Processes, not threads, race for the names of one directory: nothing in memory can decide for them. */
class ProcessRaceTest {
    private static final int PROCESSES = 4;
    private static final int SLOTS = 200;
    private static final int MAX_RACES = 10;

    @TempDir
    Path root;

    @Racing
    void ofRacingProcessesExactlyOneWinsEachSlot() throws Exception {
        Race race = run("link");
        for (int slot = 0; slot < SLOTS; slot++) {
            assertEquals(1, race.winners.get(slot).size(), "winners of slot " + slot);
            int owner = Stamped.writerOf(ObjectStores.local(root).read(RaceProcess.slot(slot)));
            assertEquals(owner, race.winners.get(slot).get(0), "owner of slot " + slot);
        }
        assertEquals(PROCESSES * SLOTS - SLOTS, race.losers);
        assertTrue(race.changesOfWinner() > 0, "one process won all: no race took place");
    }

    @Racing
    void processesThatLookAndThenMoveWinSlotsTwice() throws Exception {
        boolean found = false;
        // A race is chance: how soon it shows depends on the machine, that it shows does not.
        for (int race = 0; race < MAX_RACES && !found; race++) {
            ObjectStores.local(root).deleteDirectory("t");
            found = run("move").winners.stream().anyMatch(winners -> winners.size() > 1);
        }
        assertTrue(found);
    }

    private record Race(List<List<Integer>> winners, int losers) {
        int changesOfWinner() {
            int changes = 0;
            for (int slot = 1; slot < winners.size(); slot++) {
                changes += winners.get(slot).equals(winners.get(slot - 1)) ? 0 : 1;
            }
            return changes;
        }
    }

    private Race run(String way) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        try {
            for (int process = 0; process < PROCESSES; process++) {
                processes.add(start(process, way));
            }
            List<BufferedReader> outputs = new ArrayList<>();
            for (Process process : processes) {
                BufferedReader output = process.inputReader();
                assertEquals("ready", output.readLine());
                outputs.add(output);
            }
            for (Process process : processes) {
                try (OutputStream input = process.getOutputStream()) {
                    input.write('\n');
                }
            }
            return collect(processes, outputs);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private Process start(int process, String way) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RaceProcess.class.getName(),
                        root.toString(),
                        Integer.toString(process),
                        Integer.toString(SLOTS),
                        way)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Race collect(List<Process> processes, List<BufferedReader> outputs)
            throws IOException, InterruptedException {
        List<List<Integer>> winners = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            winners.add(new ArrayList<>());
        }
        int losers = 0;
        for (int process = 0; process < PROCESSES; process++) {
            for (String line; (line = outputs.get(process).readLine()) != null; ) {
                String[] answer = line.split(" ");
                switch (PutOutcome.valueOf(answer[0])) {
                    case CREATED -> winners.get(Integer.parseInt(answer[1])).add(process);
                    case EXISTED -> losers++;
                    case UNKNOWN -> throw new AssertionError("unknown outcome on a healthy disk: " + line);
                }
            }
            assertTrue(processes.get(process).waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, processes.get(process).exitValue());
        }
        return new Race(winners, losers);
    }
}
