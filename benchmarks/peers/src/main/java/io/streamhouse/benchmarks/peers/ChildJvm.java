package io.streamhouse.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM of a contestant, seen from outside: lines go in, lines come out, or nothing does, or it dies. One thread. */
final class ChildJvm implements AutoCloseable {
    /** What a JVM that has ended answers. */
    static final String DEAD = "DEAD";
    /** What one answers that takes too long. */
    static final String LATE = "LATE";

    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Starts it; what it prints beside answers goes to a file in {@code work}, which is its working directory. */
    ChildJvm(Contestant contestant, Path peers, Path work, Path table, String heap) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.io.tmpdir=" + work,
                "-cp",
                contestant.classPath(peers),
                PeerProcess.class.getName(),
                contestant.type(),
                contestant.flavour(),
                table.toString()));
        process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectError(work.resolve("printed").toFile())
                .start();
        Thread reader = new Thread(this::readLines, "answers of " + contestant.title());
        reader.setDaemon(true);
        reader.start();
        String first = next(START);
        if (!first.equals(PeerProcess.READY)) {
            close();
            throw new IllegalStateException("%s does not start: %s; see %s".formatted(contestant.title(), first, work));
        }
    }

    private void readLines() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // it was killed
        }
        lines.add(DEAD);
    }

    private String next(Duration patience) {
        try {
            String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return line == null ? LATE : line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return LATE;
        }
    }

    void say(String question) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((question + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            // it is dead: that is what the next answer says
        }
    }

    String answer(Duration patience) {
        return next(patience);
    }

    String ask(String question, Duration patience) {
        say(question);
        return answer(patience);
    }

    /** The answer to what has to go well. */
    String require(String question, Duration patience) {
        String answer = ask(question, patience);
        if (!answer.startsWith(PeerProcess.ANSWER)) {
            throw new IllegalStateException(question + ": " + answer);
        }
        return answer.substring(PeerProcess.ANSWER.length());
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
