package io.streamhouse.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.failure.Failure;
import io.streamhouse.cli.input.ChangeFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.table.api.TableEnvironment;
import org.slf4j.LoggerFactory;

/**
 * One run of the demo: change streams flow through three layers while others read them, and a proof decides.
 *
 * <p>Use it once, from one thread.
 */
public final class Demo {
    /** Two cores are what the smallest machine has. */
    private static final int PARALLELISM = 2;

    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONVERGENCE_LIMIT = Duration.ofSeconds(120);

    /** Empty checkpoints in a row after which a layer that differs will not become equal any more. */
    private static final int SETTLED_CHECKPOINTS = 8;

    private static final String DATABASE = "demo";

    private final DemoOptions options;
    private final UnaryOperator<TableReads> doors;
    private final Narrator narrator;
    private final Proof proof;
    private final DemoReport report;

    /**
     * @param out where progress, answers and PROOF lines go; flushed after every line
     */
    public Demo(DemoOptions options, PrintWriter out) {
        this(options, out, UnaryOperator.identity());
    }

    /**
     * For tests of what the demo does when its own reads fail.
     *
     * @param doors makes of the plain reads those that the demo uses
     */
    Demo(DemoOptions options, PrintWriter out, UnaryOperator<TableReads> doors) {
        this.doors = doors;
        this.options = options;
        this.narrator = new Narrator(out);
        this.proof = new Proof(narrator);
        this.report = new DemoReport(options);
    }

    /**
     * How a run ended.
     *
     * @param holds every check held
     * @param report all figures and checks, raw
     */
    public record Outcome(boolean holds, ObjectNode report) {}

    /** Runs it; several minutes at scale 0.1. */
    public Outcome run() {
        options.sabotage().ifPresent(SabotageKind::plant);
        Path inputDirectory = options.run().directory("input");
        ChangeFiles.Input input = ChangeFiles.write(inputDirectory, options.scale(), options.seed());
        report.input(input);
        narrator.say(
                "input: %,d events %s in %d files, %,d MB, seed %d",
                input.events(),
                input.kinds(),
                input.files().values().stream().mapToInt(List::size).sum(),
                input.sizeBytes() >> 20,
                options.seed());
        try (EmbeddedFlink flink = EmbeddedFlink.start(options.run(), PARALLELISM)) {
            narrator.say("Flink web page: %s", flink.restAddress());
            runOn(flink, input, inputDirectory);
        }
        report.end(proof, narrator.seconds());
        narrator.say(
                "%s: %d checks, %d failed",
                proof.holds() ? "proved" : "NOT proved",
                proof.lines().size(),
                proof.lines().stream().filter(line -> !line.ok()).count());
        proof.print();
        return new Outcome(proof.holds(), report.json());
    }

    private void runOn(EmbeddedFlink flink, ChangeFiles.Input input, Path inputDirectory) {
        TableEnvironment streaming = session(flink.streaming());
        Layers layers = new Layers(freeDatabase(streaming), inputDirectory);
        layers.tableDefinitions().forEach(streaming::executeSql);
        layers.sourceDefinitions().forEach(streaming::executeSql);
        narrator.say(
                "tables: %s in %s",
                Layers.columns().keySet(), options.warehouse().warehouse());
        Jobs jobs = new Jobs(flink);
        jobs.start(streaming, layers);
        try (TableReads reads =
                        doors.apply(StreamhouseReads.open(options.warehouse().warehouse(), layers.database()));
                LiveRun live = new LiveRun(input, reads, jobs, proof, narrator);
                LiveChangelog changelog = new LiveChangelog(
                        session(flink.streaming()),
                        Layers.DWS,
                        layers.table(Layers.DWS),
                        String.join(", ", Layers.columns().get(Layers.DWS)),
                        narrator)) {
            try {
                prove(flink, layers, jobs, reads, live, changelog);
            } catch (RuntimeException e) {
                // what a failed job or subscription breaks is part of the verdict, and its check says so; anything else
                // is an error of its own, whatever fault was planted: it proves nothing
                if (live.healthy()) {
                    throw e;
                }
                LoggerFactory.getLogger(Demo.class).error("the proof could not go on", e);
                narrator.say("the proof could not go on: %s", Failure.of(e).line());
            }
            report.tables(reads, jobs, narrator);
        }
    }

    private void prove(
            EmbeddedFlink flink, Layers layers, Jobs jobs, TableReads reads, LiveRun live, LiveChangelog changelog) {
        boolean finished = live.awaitPublished(session(flink.batch()), layers);
        report.published(live, live.elapsedMillis());
        Judge judge = new Judge(new Oracle(session(flink.batch()), layers), reads, proof, narrator);
        if (finished) {
            narrator.say("all input is read; comparing with the oracle");
            finished = judge.awaitEqual(
                    CONVERGENCE_LIMIT, new Quiescence(reads, jobs, SETTLED_CHECKPOINTS), live::healthy);
            report.converged(live.elapsedMillis());
        }
        if (finished) {
            judgeStopped(jobs, live, judge);
            ChangeCounts counts = live.replicas().get(Layers.DWS).counts();
            changelog.awaitChanges(counts.total(), CATCH_UP_LIMIT);
            proof.check("DWS", Layers.DWS + ":live-subscriber", counts, changelog.seen());
        }
        changelog.stop(flink);
    }

    private void judgeStopped(Jobs jobs, LiveRun live, Judge judge) {
        jobs.stop();
        if (!live.healthy()) { // the last commit of a job may fail while it stops
            return;
        }
        narrator.say("all jobs are stopped with savepoints; comparing again, and with the replicas outside Flink");
        judge.compareStopped();
        proof.check("READER", "caught-up", true, live.awaitSubscriptions());
        live.odsCounts().forEach(judge::checkCounts);
        Map<String, Replica> replicas = live.replicas();
        Judge.replicated()
                .forEach((layer, table) -> judge.checkReplica(
                        layer, table, replicas.get(table), live.equalUpdates(table), options.seed()));
        report.replicas(replicas);
    }

    private TableEnvironment session(TableEnvironment environment) {
        options.warehouse().statements().forEach(environment::executeSql);
        return environment;
    }

    /** The warehouse may hold tables of an earlier run; those are left alone. */
    private static String freeDatabase(TableEnvironment environment) {
        List<String> taken = Arrays.asList(environment.listDatabases());
        String name = DATABASE;
        for (int i = 2; taken.contains(name); i++) {
            name = DATABASE + "_" + i;
        }
        return name;
    }
}
