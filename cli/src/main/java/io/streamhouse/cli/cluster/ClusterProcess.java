package io.streamhouse.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A Flink cluster in a child process, made to be killed: the one object stands for one life of it. All talk goes through
 * the REST interface on the loopback address. Thread-safe.
 */
public final class ClusterProcess implements FlinkCluster {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(240);
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int REST_ATTEMPTS = 5;
    private static final Duration REST_RETRY_DELAY = Duration.ofMillis(300);

    private final int number;
    private final Process process;
    private final FlinkClient client;
    private final RestClusterClient<String> rest;
    private final HttpClient http;
    private volatile boolean ended;

    /**
     * How the child is started.
     *
     * @param run the run it works for; its logs and temporary files go below it
     * @param number which life of the cluster it is, from 1
     * @param heapMebibytes bound of its heap
     * @param parallelism default parallelism of the jobs
     * @param properties system properties of the child, besides its directories
     */
    public record Start(
            RunDirectory run, int number, int heapMebibytes, int parallelism, Map<String, String> properties) {
        public Start {
            properties = Map.copyOf(properties);
        }

        private Path tmp() {
            return run.directory("tmp/cluster-" + number);
        }

        private Path log() {
            return run.path().resolve("cluster-" + number + ".log");
        }

        private List<String> command() {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms128m",
                    "-Xmx" + heapMebibytes + "m",
                    "-XX:MaxDirectMemorySize=1g",
                    "-XX:+UseG1GC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Dfile.encoding=UTF-8",
                    "-Djava.io.tmpdir=" + tmp(),
                    "-Dstreamhouse.log=" + log()));
            properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    ClusterMain.class.getName(),
                    run.path().toString(),
                    Integer.toString(parallelism)));
            return command;
        }
    }

    private ClusterProcess(int number, Process process, FlinkClient client, RestClusterClient<String> rest) {
        this.number = number;
        this.process = process;
        this.client = client;
        this.rest = rest;
        this.http = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
    }

    /**
     * Starts a child and waits for its cluster; takes a few seconds.
     *
     * @throws IllegalStateException if the cluster does not start; the message names the child's log
     */
    public static ClusterProcess start(Start start) {
        Process process = null;
        try {
            process = new ProcessBuilder(start.command())
                    .redirectError(start.run()
                            .path()
                            .resolve("cluster-" + start.number() + ".err")
                            .toFile())
                    .start();
            URI address = address(process).get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            FlinkClient client = new FlinkClient(address, start.run().path(), start.parallelism());
            return new ClusterProcess(
                    start.number(),
                    process,
                    client,
                    new RestClusterClient<>(impatient(client.configuration()), "child"));
        } catch (Exception e) {
            if (process != null) {
                process.destroyForcibly();
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException(
                    "the cluster process did not start, see cluster-%d.err in %s: %s"
                            .formatted(start.number(), start.run().path(), e.getMessage()),
                    e);
        }
    }

    /** The thread goes on reading after the address: a child must never wait for a reader of its output. */
    private static CompletableFuture<URI> address(Process process) {
        CompletableFuture<URI> address = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.startsWith(ClusterMain.READY)) {
                                address.complete(URI.create(line.substring(ClusterMain.READY.length())));
                            }
                        }
                        address.completeExceptionally(new IOException("it ended before its cluster was ready"));
                    } catch (IOException e) {
                        address.completeExceptionally(e);
                    }
                },
                "cluster-output");
        thread.setDaemon(true);
        thread.start();
        return address;
    }

    /** A killed cluster does not come back at its address. */
    private static Configuration impatient(Configuration configuration) {
        configuration.set(RestOptions.RETRY_MAX_ATTEMPTS, REST_ATTEMPTS);
        configuration.set(RestOptions.RETRY_DELAY, REST_RETRY_DELAY);
        return configuration;
    }

    /** Ends the process as a power cut would (SIGKILL) and waits until it is gone. Calls that wait for it fail soon. */
    public void kill() {
        ended = true;
        process.destroyForcibly();
        awaitExit();
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("cluster process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of the cluster process", e);
        }
    }

    @Override
    public URI restAddress() {
        return client.restAddress();
    }

    @Override
    public Configuration clientConfiguration() {
        return impatient(client.configuration());
    }

    @Override
    public TableEnvironment streaming() {
        return impatient(client.streaming());
    }

    @Override
    public TableEnvironment batch() {
        return impatient(client.batch());
    }

    private static TableEnvironment impatient(TableEnvironment environment) {
        environment.getConfig().addConfiguration(impatient(new Configuration()));
        return environment;
    }

    @Override
    public RunningJob submit(
            TableEnvironment environment, String name, List<String> inserts, Optional<RecoveryPoint> recovery) {
        return client.submit(environment, name, inserts, recovery);
    }

    @Override
    public Optional<String> end() {
        return ended || process.isAlive()
                ? Optional.empty()
                : Optional.of(
                        "the cluster process ended with code %d; cluster-%d.err in the run's directory may say why"
                                .formatted(process.exitValue(), number));
    }

    @Override
    public JobStatus status(JobID job) {
        return EmbeddedFlink.await(rest.getJobStatus(job), "status of job " + job, EmbeddedFlink.CALL_TIMEOUT);
    }

    @Override
    public Optional<Throwable> failure(JobID job) {
        return EmbeddedFlink.await(rest.requestJobResult(job), "end of job " + job, EmbeddedFlink.STOP_TIMEOUT)
                .getSerializedThrowable()
                .map(thrown -> thrown.deserializeError(ClusterProcess.class.getClassLoader()));
    }

    @Override
    public String stopWithSavepoint(RunningJob job) {
        String savepoint = EmbeddedFlink.await(
                rest.stopWithSavepoint(job.id(), false, client.savepoints(job.name()), SavepointFormatType.CANONICAL),
                "savepoint of " + job.name(),
                EmbeddedFlink.STOP_TIMEOUT);
        EmbeddedFlink.await(rest.requestJobResult(job.id()), "end of " + job.name(), EmbeddedFlink.STOP_TIMEOUT);
        return savepoint;
    }

    @Override
    public void cancel(JobID job) {
        if (!status(job).isGloballyTerminalState()) {
            EmbeddedFlink.await(rest.cancel(job), "cancellation of job " + job, EmbeddedFlink.CALL_TIMEOUT);
            EmbeddedFlink.await(rest.requestJobResult(job), "end of job " + job, EmbeddedFlink.STOP_TIMEOUT);
        }
    }

    @Override
    public List<CompletedCheckpoint> checkpoints(JobID job) {
        List<CompletedCheckpoint> completed = new ArrayList<>();
        for (JsonNode checkpoint : statistics(job).path("history")) {
            if (checkpoint.path("status").asText().equals("COMPLETED")) {
                completed.add(new CompletedCheckpoint(
                        checkpoint.get("id").asLong(),
                        checkpoint.get("trigger_timestamp").asLong(),
                        checkpoint.get("end_to_end_duration").asLong()));
            }
        }
        completed.sort(Comparator.comparingLong(CompletedCheckpoint::id));
        return completed;
    }

    @Override
    public long completedCheckpoints(JobID job) {
        return statistics(job).at("/counts/completed").asLong();
    }

    /** Id of the checkpoint that the job started from; empty if it started without or has not got so far. */
    public OptionalLong restoredFrom(JobID job) {
        JsonNode id = statistics(job).at("/latest/restored/id");
        return id.isNumber() ? OptionalLong.of(id.asLong()) : OptionalLong.empty();
    }

    private JsonNode statistics(JobID job) {
        URI uri = client.restAddress().resolve("/jobs/" + job + "/checkpoints");
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("answer %d of %s: %s".formatted(answer.statusCode(), uri, answer.body()));
            }
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints of job %s: %s".formatted(job, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for the checkpoints of job " + job, e);
        }
    }

    /** Ends the child unless it was killed; the files stay. */
    @Override
    public void close() {
        rest.close();
        if (ended) {
            return;
        }
        ended = true;
        try {
            process.getOutputStream().close();
            if (!process.waitFor(EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
