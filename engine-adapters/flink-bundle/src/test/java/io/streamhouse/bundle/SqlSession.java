package io.streamhouse.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A session of Flink's SQL gateway, spoken to over its REST interface. */
final class SqlSession {
    private static final long POLL_NANOS = 20_000_000L;
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final URI gateway;
    private final String path;

    private SqlSession(URI gateway, String path) {
        this.gateway = gateway;
        this.path = path;
    }

    /** What a statement gave: rows as text, or the id of the job it started. */
    record Result(List<String> rows, String job) {}

    static SqlSession open(URI gateway) throws IOException, InterruptedException {
        JsonNode answer = Json.post(gateway.resolve("/v3/sessions"), Map.of());
        return new SqlSession(
                gateway, "/v3/sessions/" + answer.path("sessionHandle").asText());
    }

    /** Runs statements one after the other; the result of the last. An error of the statement is an IOException with its text. */
    Result run(String... statements) throws IOException, InterruptedException {
        Result last = null;
        for (String statement : statements) {
            last = runOne(statement);
        }
        return last;
    }

    private Result runOne(String statement) throws IOException, InterruptedException {
        JsonNode answer = Json.post(gateway.resolve(path + "/statements"), Map.of("statement", statement));
        String next = path + "/operations/" + answer.path("operationHandle").asText() + "/result/0?rowFormat=JSON";
        List<String> rows = new ArrayList<>();
        String job = "";
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            JsonNode page = Json.get(gateway.resolve(next));
            String type = page.path("resultType").asText();
            job = page.hasNonNull("jobID") ? page.path("jobID").asText() : job;
            for (JsonNode row : page.path("results").path("data")) {
                rows.add(text(row));
            }
            if (type.equals("EOS")) {
                return new Result(rows, job);
            }
            if (System.nanoTime() > end) {
                throw new IOException("no result within " + LIMIT.toSeconds() + " s: " + statement);
            }
            next = page.hasNonNull("nextResultUri") ? page.path("nextResultUri").asText() : next;
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static String text(JsonNode row) {
        List<String> fields = new ArrayList<>();
        row.path("fields").forEach(field -> fields.add(field.asText()));
        String kind = row.path("kind").asText();
        return (kind.equals("INSERT") ? "" : kind + " ") + String.join(" ", fields);
    }
}
