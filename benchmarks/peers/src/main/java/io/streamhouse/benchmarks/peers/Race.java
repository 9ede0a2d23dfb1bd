package io.streamhouse.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Processes that know nothing of each other commit rows to one table; then the acknowledged ones are looked for. */
final class Race {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final String HEAP = "512m";

    private Race() {}

    /**
     * What came of it.
     *
     * @param acknowledged commits that were acknowledged
     * @param refused attempts that failed
     * @param lost rows of acknowledged commits that are not found
     * @param doubled rows that are found more than once
     * @param seconds how long it took
     * @param remark the first refusal, or why the table cannot be read; empty if there is nothing to say
     */
    record Result(int acknowledged, int refused, int lost, int doubled, double seconds, String remark) {}

    static Result run(Contestant contestant, Path peers, Path work, int processes, int commits) throws IOException {
        Path directory = Files.createDirectories(work.resolve("warehouse"));
        try (ChildJvm first = new ChildJvm(contestant, peers, work, directory, HEAP)) {
            first.require("create", PATIENCE);
        }
        List<ChildJvm> racing = new ArrayList<>();
        int attempts = 0;
        String remark = "";
        long start;
        double seconds;
        try {
            for (int i = 0; i < processes; i++) {
                racing.add(new ChildJvm(
                        contestant, peers, Files.createDirectories(work.resolve("process-" + i)), directory, HEAP));
            }
            start = System.nanoTime();
            for (int i = 0; i < processes; i++) {
                racing.get(i).say("race %s %d %d".formatted(acknowledgements(work, i), i, commits));
            }
            for (ChildJvm jvm : racing) {
                String answer = jvm.answer(PATIENCE);
                if (!answer.startsWith(PeerProcess.ANSWER)) {
                    throw new IllegalStateException(contestant.title() + " does not race: " + answer);
                }
                String[] words = answer.substring(PeerProcess.ANSWER.length()).split(" ", 3);
                attempts += Integer.parseInt(words[0]);
                remark = remark.isEmpty() && words.length == 3 ? "refusal: " + words[2] : remark;
            }
            seconds = (System.nanoTime() - start) / 1e9;
        } finally {
            racing.forEach(ChildJvm::close);
        }
        Set<String> acknowledged = new HashSet<>();
        for (int i = 0; i < processes; i++) {
            acknowledged.addAll(Files.readAllLines(acknowledgements(work, i)));
        }
        Map<String, Integer> found = new HashMap<>();
        try (ChildJvm reader = new ChildJvm(contestant, peers, work, directory, HEAP)) {
            Path rows = work.resolve("rows");
            String answer = reader.ask("rows " + rows, PATIENCE);
            if (!answer.startsWith(PeerProcess.ANSWER)) {
                remark = "the table cannot be read: " + answer;
            } else {
                for (String row : Files.readAllLines(rows)) {
                    found.merge(row.substring(0, row.indexOf('|')), 1, Integer::sum);
                }
            }
        }
        int lost =
                (int) acknowledged.stream().filter(k -> !found.containsKey(k)).count();
        int doubled = (int) found.values().stream().filter(n -> n > 1).count();
        return new Result(acknowledged.size(), attempts - acknowledged.size(), lost, doubled, seconds, remark);
    }

    private static Path acknowledgements(Path work, int process) {
        return work.resolve("acknowledged-" + process);
    }
}
