package io.streamhouse.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import io.streamhouse.cli.failure.Failure;
import io.streamhouse.cli.input.ChangeFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        try (Engine engine = new Engine(options)) {
            narrator.say("Flink web page: %s", engine.cluster().restAddress());
            runOn(engine, input, inputDirectory);
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

    private void runOn(Engine engine, ChangeFiles.Input input, Path inputDirectory) {
        TableEnvironment definitions = engine.streaming();
        Layers layers = new Layers(freeDatabase(definitions), inputDirectory);
        layers.tableDefinitions().forEach(definitions::executeSql);
        narrator.say(
                "tables: %s in %s",
                Layers.columns().keySet(), options.warehouse().warehouse());
        Jobs jobs = new Jobs(engine.cluster(), layers, options.run(), cluster -> withSources(engine, layers));
        jobs.start();
        try (TableReads reads = doors.apply(StreamhouseReads.open(options.warehouse(), layers.database()));
                LiveRun live = new LiveRun(input, reads, engine, layers, jobs, proof, narrator)) {
            Scene scene = new Scene(layers, engine, jobs, reads, live, proof, narrator);
            Correction correction =
                    new Correction(scene, options.crash() ? KillPlan.ALLOWED_AT_UPDATE : Correction.MOST_ALLOWED);
            Crashes crashes = new Crashes(scene, options.run());
            try {
                prove(scene, correction, crashes, input.events());
            } catch (RuntimeException e) {
                // what a failed job or subscription breaks is part of the verdict, and its check says so; anything else
                // is an error of its own, whatever fault was planted: it proves nothing
                if (live.healthy()) {
                    throw e;
                }
                LoggerFactory.getLogger(Demo.class).error("the proof could not go on", e);
                narrator.say("the proof could not go on: %s", Failure.of(e).line());
            }
            report.crashes(crashes.struck());
            report.tables(reads, jobs, narrator);
        }
    }

    private static TableEnvironment withSources(Engine engine, Layers layers) {
        TableEnvironment session = engine.streaming();
        layers.sourceDefinitions().forEach(session::executeSql);
        return session;
    }

    private void prove(Scene scene, Correction correction, Crashes crashes, long events) {
        LiveRun live = scene.live();
        Programme programme = new Programme(correction, crashes);
        boolean finished = live.awaitPublished(
                options.crash() ? programme.withKills(KillPlan.of(options.seed())) : programme.correctionAlone());
        report.published(live, live.elapsedMillis());
        if (finished) {
            narrator.say("all input is read; comparing with the oracle");
            Judge judge = new Judge(new Oracle(scene.engine().batch(), scene.layers()), scene.reads(), proof, narrator);
            finished = judge.awaitEqual(
                    CONVERGENCE_LIMIT, new Quiescence(scene.reads(), scene.jobs(), SETTLED_CHECKPOINTS), live::healthy);
            report.converged(live.elapsedMillis());
            if (finished) {
                judgeStopped(scene, judge);
            }
            new CorrectionAudit(scene.reads(), proof).check(correction.facts(), events);
            report.correction(correction.facts());
        }
        if (options.crash()) {
            proof.check("CRASH", "kills", KillPlan.COUNT, crashes.struck().size());
        }
        live.changelog().stop(scene.engine().cluster());
    }

    private void judgeStopped(Scene scene, Judge judge) {
        LiveRun live = scene.live();
        scene.jobs().stop();
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
                        layer,
                        table,
                        replicas.get(table),
                        live.equalUpdates(table),
                        aroundCorrection(scene.reads(), table),
                        options.seed()));
        report.replicas(replicas);
        ChangeCounts counts = replicas.get(Layers.DWS).counts();
        live.changelog().awaitChanges(counts.total(), CATCH_UP_LIMIT);
        proof.check(
                "DWS", Layers.DWS + ":live-subscriber", counts, live.changelog().seen());
    }

    /**
     * The snapshots of a table before the correction and at it. A table that takes it over from DWD does so at an unknown
     * one, but never before; so those are the newest that was committed earlier and the next.
     */
    private static List<Long> aroundCorrection(TableReads reads, String table) {
        List<Long> around = new ArrayList<>();
        for (SnapshotFacts update : Correction.commits(reads.snapshots(Layers.DWD))) {
            if (table.equals(Layers.DWD)) {
                around.addAll(List.of(update.id() - 1, update.id()));
                continue;
            }
            long before = 0;
            for (SnapshotFacts snapshot : reads.snapshots(table)) {
                if (snapshot.commitTimeMillis() < update.commitTimeMillis()) {
                    before = snapshot.id();
                }
            }
            around.addAll(List.of(before, before + 1));
        }
        return around;
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
