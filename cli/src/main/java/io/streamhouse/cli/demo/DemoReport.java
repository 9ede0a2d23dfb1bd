package io.streamhouse.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import io.streamhouse.cli.input.ChangeFiles;
import io.streamhouse.spec.RowKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run: a few lines for people, all of it as JSON. */
final class DemoReport {
    private final ObjectNode json = new ObjectMapper().createObjectNode();
    private long events;

    DemoReport(DemoOptions options) {
        json.put("scale", options.scale());
        json.put("seed", options.seed());
        json.put("warehouse", options.warehouse().warehouse().toString());
        json.put("crash", options.crash());
        json.put("sabotage", options.sabotage().map(SabotageKind::word).orElse("none"));
    }

    void input(ChangeFiles.Input input) {
        events = input.events();
        ObjectNode node = json.putObject("input");
        node.put("events", events);
        input.kinds().forEach((kind, count) -> node.put(kind.letter(), count));
        node.put("sizeBytes", input.sizeBytes());
        ObjectNode files = node.putObject("files");
        input.files().forEach((table, list) -> files.put(table.name(), list.size()));
    }

    /** All input is read, {@code millis} after the first file was published. */
    void published(LiveRun live, long millis) {
        json.put("publishedMillis", millis);
        json.put("eventsPerSecond", millis == 0 ? 0 : events * 1000 / millis);
        json.put("liveQueries", live.answeredQueries());
        percentiles(json.putObject("fileVisibleAfterMillis"), Percentiles.of(live.visibleAfterMillis()));
    }

    void converged(long millis) {
        json.put("convergedMillis", millis);
    }

    void replicas(Map<String, Replica> replicas) {
        ObjectNode all = json.putObject("replicas");
        replicas.forEach((table, replica) -> {
            ObjectNode node = all.putObject(table);
            for (RowKind kind : RowKind.values()) {
                node.put(kind.symbol(), replica.count(kind));
            }
        });
    }

    /** Every kill and what came back. */
    void crashes(List<Crashes.Struck> struck) {
        ArrayNode all = json.putArray("kills");
        for (Crashes.Struck one : struck) {
            ObjectNode node = all.addObject();
            node.put("moment", one.moment().name());
            node.put("hit", one.hit().name());
            node.put("atMillis", one.atMillis());
            node.put("unreadEvents", one.unreadEvents());
            ObjectNode last = node.putObject("lastCheckpoint");
            one.lastCheckpoints().forEach((layer, id) -> last.put(layer.name(), id));
            ObjectNode restored = node.putObject("restoredFrom");
            one.restoredFrom().forEach((layer, id) -> restored.put(layer.name(), id));
            node.put("backAfterMillis", one.backAfterMillis());
        }
    }

    void correction(Correction.Facts facts) {
        ObjectNode node = json.putObject("correction");
        node.put("unreadEvents", facts.unreadEvents());
        node.put("updateMillis", facts.updateMillis());
        node.put("dwsJobBefore", facts.dwsBefore().toString());
        node.put("dwsJobAfter", facts.dwsAfter().toString());
    }

    /** Snapshots, intervals, latencies and sizes of every table, in JSON and as one line each. */
    void tables(TableReads reads, Jobs jobs, Narrator narrator) {
        ObjectNode all = json.putObject("tables");
        for (Layer layer : Layer.values()) {
            Map<Long, Long> triggered = jobs.checkpointTimes(layer);
            for (String table : layer.tables()) {
                table(all.putObject(table), reads, table, triggered, narrator);
            }
        }
    }

    private static void table(
            ObjectNode node, TableReads reads, String table, Map<Long, Long> triggered, Narrator narrator) {
        List<SnapshotFacts> snapshots = reads.snapshots(table);
        List<SnapshotFacts> appends = Judge.appends(snapshots);
        Percentiles interval = Percentiles.of(intervals(appends));
        Percentiles latency = Percentiles.of(latencies(appends, triggered));
        TableReads.FileTotals files = reads.files(table);
        long rows =
                snapshots.isEmpty() ? 0 : snapshots.get(snapshots.size() - 1).rowCount();
        node.put("rows", rows);
        node.put("snapshots", snapshots.size());
        node.put("commits", appends.size());
        node.put("files", files.files());
        node.put("sizeBytes", files.sizeBytes());
        percentiles(node.putObject("commitIntervalMillis"), interval);
        percentiles(node.putObject("commitLatencyMillis"), latency);
        narrator.print(String.format(
                Locale.ROOT,
                "%-18s %,9d rows  %3d snapshots  commit interval p50/p99 %,d/%,d ms  latency p50/p99 %,d/%,d ms  %d files  %,d KB",
                table,
                rows,
                snapshots.size(),
                interval.p50(),
                interval.p99(),
                latency.p50(),
                latency.p99(),
                files.files(),
                files.sizeBytes() >> 10));
    }

    private static List<Long> intervals(List<SnapshotFacts> appends) {
        List<Long> intervals = new ArrayList<>();
        for (int i = 1; i < appends.size(); i++) {
            intervals.add(appends.get(i).commitTimeMillis() - appends.get(i - 1).commitTimeMillis());
        }
        return intervals;
    }

    /** From the checkpoint's trigger to the commit. */
    private static List<Long> latencies(List<SnapshotFacts> appends, Map<Long, Long> triggered) {
        List<Long> latencies = new ArrayList<>();
        for (SnapshotFacts snapshot : appends) {
            Long start = triggered.get(snapshot.commitIdentifier());
            if (start != null) {
                latencies.add(snapshot.commitTimeMillis() - start);
            }
        }
        return latencies;
    }

    private static void percentiles(ObjectNode node, Percentiles percentiles) {
        node.put("count", percentiles.count());
        node.put("p50", percentiles.p50());
        node.put("p99", percentiles.p99());
    }

    void end(Proof proof, long seconds) {
        json.put("seconds", seconds);
        json.put("proved", proof.holds());
        ArrayNode lines = json.putArray("proof");
        for (Proof.Line line : proof.lines()) {
            ObjectNode node = lines.addObject();
            node.put("layer", line.layer());
            node.put("check", line.check());
            node.put("expected", line.expected());
            node.put("actual", line.actual());
            node.put("ok", line.ok());
        }
    }

    ObjectNode json() {
        return json;
    }
}
