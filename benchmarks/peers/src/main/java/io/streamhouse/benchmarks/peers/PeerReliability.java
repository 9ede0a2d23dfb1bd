package io.streamhouse.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the same race of processes and the same damaged files do to Streamhouse, Paimon and Iceberg. Prints tables in
 * Markdown.
 */
public final class PeerReliability {
    private static final Map<String, Integer> DEFAULTS =
            new TreeMap<>(Map.of("processes", 4, "commits", 100, "rounds", 1, "step", 13, "seed", 42));

    private final Map<String, Integer> settings;
    private final Path peers;
    private final PrintStream out;

    private PeerReliability(Map<String, Integer> settings, Path peers, PrintStream out) {
        this.settings = settings;
        this.peers = peers;
        this.out = out;
    }

    /**
     * The comparison that words like {@code step=13} ask for; 0 rounds leave the race out, a step of 0 the damage.
     *
     * @param peers directory {@code benchmarks/peers}, built
     * @throws IllegalArgumentException naming the word that is wrong
     */
    public static PeerReliability of(List<String> words, Path peers, PrintStream out) {
        Map<String, Integer> settings = new TreeMap<>(DEFAULTS);
        for (String word : words) {
            int at = word.indexOf('=');
            if (at < 0 || !DEFAULTS.containsKey(word.substring(0, at)) || !word.matches("[a-z]+=[0-9]{1,9}")) {
                throw new IllegalArgumentException("'%s' is no name=number of %s".formatted(word, DEFAULTS.keySet()));
            }
            settings.put(word.substring(0, at), Integer.parseInt(word.substring(at + 1)));
        }
        return new PeerReliability(settings, peers, out);
    }

    public static void main(String[] words) throws IOException {
        of(List.of(words), Path.of(System.getProperty("streamhouse.peers", "benchmarks/peers")), System.out)
                .run();
    }

    /** Runs it and prints the tables; some minutes. */
    public void run() throws IOException {
        String peersPath = Contestant.RACING.get(1).classPath(peers);
        String icebergPath = Contestant.RACING.get(2).classPath(peers);
        out.printf(
                "Paimon %s, Iceberg %s; JDK %s, %d processors; %s%n%n",
                Contestant.version(peersPath, "paimon-bundle"),
                Contestant.version(icebergPath, "iceberg-core"),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                settings.toString().replaceAll("[{},]", ""));
        Path work = Files.createTempDirectory("streamhouse-peers");
        try {
            race(work);
            damage(work);
        } finally {
            delete(work);
        }
    }

    private void race(Path work) throws IOException {
        if (settings.get("rounds") == 0) {
            return;
        }
        out.println("| race | acknowledged | refused | lost | doubled | seconds | |");
        out.println("|---|---:|---:|---:|---:|---:|---|");
        for (int round = 0; round < settings.get("rounds"); round++) {
            for (Contestant contestant : Contestant.RACING) {
                Path place = Files.createDirectories(work.resolve("race-" + round + "-" + contestant.flavour()
                        + contestant.type().hashCode()));
                Race.Result r = Race.run(contestant, peers, place, settings.get("processes"), settings.get("commits"));
                out.printf(
                        Locale.ROOT,
                        "| %s | %d | %d | %d | %d | %.1f | %s |%n",
                        contestant.title(),
                        r.acknowledged(),
                        r.refused(),
                        r.lost(),
                        r.doubled(),
                        r.seconds(),
                        r.remark());
            }
        }
        out.println();
    }

    private void damage(Path work) throws IOException {
        if (settings.get("step") == 0) {
            return;
        }
        StringBuilder head = new StringBuilder("| store | harm | cases |");
        StringBuilder rule = new StringBuilder("|---|---|---:|");
        for (Outcome outcome : Outcome.values()) {
            head.append(' ').append(outcome.words).append(" |");
            rule.append("---:|");
        }
        out.println(head);
        out.println(rule);
        StringBuilder byKind = new StringBuilder();
        StringBuilder examples = new StringBuilder();
        StringBuilder seconds = new StringBuilder("Took: ");
        int number = 0;
        for (Contestant contestant : Contestant.DAMAGED) {
            Path place = Files.createDirectories(work.resolve("damage-" + number++));
            DamageMatrix matrix =
                    new DamageMatrix(contestant, peers, place, settings.get("step"), settings.get("seed"));
            long start = System.nanoTime();
            Map<DamageMatrix.Place, EnumMap<Outcome, Integer>> counts = matrix.run();
            seconds.append("%s %.0f s; ".formatted(contestant.title(), (System.nanoTime() - start) / 1e9));
            for (boolean cut : new boolean[] {false, true}) {
                Map<Outcome, Integer> sums = new HashMap<>();
                counts.forEach((p, row) -> {
                    if (p.cut() == cut) {
                        row.forEach((outcome, n) -> sums.merge(outcome, n, Integer::sum));
                    }
                });
                out.println(line(contestant.title() + " | " + harm(cut), sums));
            }
            counts.forEach(
                    (p, row) -> byKind.append(line(contestant.title() + " | " + p.kind() + " | " + harm(p.cut()), row))
                            .append('\n'));
            matrix.examples().forEach(e -> examples.append("- ").append(e).append('\n'));
        }
        out.println("\nBy kind of file:\n");
        out.println(head.toString().replaceFirst("harm", "file | harm"));
        out.println("|---" + rule);
        out.println(byKind);
        out.println("The first of each that gave no error:\n");
        out.println(examples);
        out.println(seconds);
    }

    private static String harm(boolean cut) {
        return cut ? "cut" : "bit flipped";
    }

    private static String line(String first, Map<Outcome, Integer> row) {
        StringBuilder line = new StringBuilder("| ").append(first).append(" | ");
        line.append(row.values().stream().mapToInt(Integer::intValue).sum()).append(" |");
        for (Outcome outcome : Outcome.values()) {
            line.append(' ').append(row.getOrDefault(outcome, 0)).append(" |");
        }
        return line.toString();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
