package io.streamhouse.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that tests speak to, in a JVM of its own, so that its jars are on nobody's class path. It prints one line
 * {@code READY <uri>} when it serves, and ends when its standard input does: with {@link #close()}, and with the process
 * that started it, however that ends. A line of its standard input may be a command, which it answers by {@code DONE}.
 */
public final class ServerProcess implements AutoCloseable {
    private static final String READY = "READY ";
    private static final String DONE = "DONE";
    private static final String FAILED = "FAILED ";
    private static final int SECONDS_TO_START = 180;
    private static final int SECONDS_TO_ANSWER = 180;
    private static final int SECONDS_TO_END = 10;
    private static final int KEPT_LINES = 200;

    private final Process process;
    private final List<String> printed = new ArrayList<>();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private ServerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts the main class of a server module below {@code testkit/}, which is built before the module that declares
     * its pom as a test dependency.
     *
     * @param module directory of the module, like {@code s3-server}
     * @param heap largest heap, like {@code 512m}
     * @throws AssertionError if it ends or is not ready after three minutes, with what it has printed
     */
    public static ServerProcess start(String module, String main, String heap, List<String> arguments)
            throws IOException {
        String testkit = System.getProperty("streamhouse.testkit");
        if (testkit == null) {
            throw new IllegalStateException("the property streamhouse.testkit names no directory; the build sets it");
        }
        return start(Path.of(testkit, module, "target", "classpath"), main, heap, arguments);
    }

    /** The same from a file that holds a class path; the main class stands in {@code classes} beside the file. */
    public static ServerProcess start(Path classPathFile, String main, String heap, List<String> arguments)
            throws IOException {
        String classPath = classPathFile.resolveSibling("classes")
                + File.pathSeparator
                + Files.readString(classPathFile).strip();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main));
        command.addAll(arguments);
        ServerProcess server = new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        try {
            server.awaitReady(main);
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    /** Where it serves. */
    public URI uri() {
        return ready.join();
    }

    public long pid() {
        return process.pid();
    }

    /** The last lines that it has printed, for messages of tests. */
    public String printed() {
        synchronized (printed) {
            return String.join("\n", printed);
        }
    }

    /**
     * Gives the server a command and waits until it is done. One thread.
     *
     * @throws AssertionError if it fails or is not answered for three minutes, with what was printed
     */
    public void command(String line) throws IOException, InterruptedException {
        OutputStream commands = process.getOutputStream();
        commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
        String answer = answers.poll(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        if (!DONE.equals(answer)) {
            throw new AssertionError("%s: %s after %s".formatted(line, answer, printed()));
        }
    }

    private void awaitReady(String main) {
        Thread reader = new Thread(this::readLines, main);
        reader.setDaemon(true);
        reader.start();
        try {
            ready.get(SECONDS_TO_START, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("%s is not ready after %d s: %s".formatted(main, SECONDS_TO_START, printed()), e);
        } catch (ExecutionException e) {
            throw new AssertionError("%s ended before it was ready: %s".formatted(main, printed()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + main, e);
        }
    }

    // Reads to the end: a server whose output nobody takes would stand still.
    private void readLines() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (printed) {
                    printed.add(line);
                    if (printed.size() > KEPT_LINES) {
                        printed.remove(0);
                    }
                }
                if (line.startsWith(READY)) {
                    ready.complete(URI.create(line.substring(READY.length()).strip()));
                } else if (line.equals(DONE) || line.startsWith(FAILED)) {
                    answers.add(line);
                }
            }
            ready.completeExceptionally(new IOException("no line that begins with " + READY));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Ends it, kindly for some seconds, then by force; returns when it is gone. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has gone already
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
