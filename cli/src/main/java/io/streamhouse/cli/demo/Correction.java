package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.RecoveryPoint;
import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import io.streamhouse.cli.failure.Failure;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.types.Row;

/**
 * The mistake in DWD is found and corrected while all else goes on: the right logic takes over the state of the wrong one,
 * and only then one batch UPDATE corrects the rows written before. DWS is not touched.
 *
 * <p>Every step may be called again after the cluster was lost in the middle of it. Used by one thread.
 */
final class Correction {
    /** Share of the input after which the mistake is found. */
    static final double DUE = 0.3;

    /** Share of the input that may be shown before the right logic has started: so there is something for it to do. */
    static final double ALLOWED_AT_SWAP = 0.45;

    /** The most that may be shown before the UPDATE has ended: a tenth and more is unread then. */
    static final double MOST_ALLOWED = 0.85;

    private static final double ALLOWANCE_STEP = 0.04;
    private static final Duration FIRST_COMMIT_LIMIT = Duration.ofSeconds(240);
    private static final Duration UPDATE_LIMIT = Duration.ofSeconds(300);
    private static final long POLL_NANOS = 100_000_000;

    /** Short against the second that the job of the UPDATE may take. */
    private static final long START_POLL_NANOS = 5_000_000;

    private final Layers layers;
    private final Engine engine;
    private final Jobs jobs;
    private final TableReads reads;
    private final LiveRun live;
    private final Proof proof;
    private final Narrator narrator;
    private final double allowedAtUpdate;
    private double allowed = ALLOWED_AT_SWAP;
    private OptionalLong unreadAtUpdate = OptionalLong.empty();
    private JobID dwsBefore;
    private JobID dwsAfter;
    private long updateMillis;

    /**
     * @param allowedAtUpdate share of the input that may be shown while the UPDATE runs, at most {@link #MOST_ALLOWED}
     */
    Correction(Scene scene, double allowedAtUpdate) {
        this.allowedAtUpdate = allowedAtUpdate;
        layers = scene.layers();
        engine = scene.engine();
        jobs = scene.jobs();
        reads = scene.reads();
        live = scene.live();
        proof = scene.proof();
        narrator = scene.narrator();
    }

    /** Somebody asks a question and finds that DWD is wrong. */
    void find() {
        Row answer = wrongRows();
        narrator.say(
                "the revenue of DWD forgets the discount: %s rows are wrong, by %s in all",
                answer.getField(0), answer.getField(1));
    }

    private Row wrongRows() {
        return BatchQuery.rows(engine.questions(), layers.wrongRows()).get(0);
    }

    /**
     * DWD stops with a savepoint and starts from it with the right logic, unless that runs already; then its first commit
     * is awaited.
     *
     * @param blow begins when the job is about to be stopped and comes at the latest when the right one was submitted: that
     *     needs a checkpoint of its own before this ends
     */
    void swap(Blow blow) {
        dwsBefore = jobs.id(Layer.DWS);
        long lastWrongCommit = newestDwd();
        blow.begun();
        if (!jobs.isDwdRight()) {
            RecoveryPoint savepoint = jobs.stopDwd();
            lastWrongCommit = newestDwd();
            narrator.say(
                    "DWD is stopped with savepoint %d, its last commit is snapshot %d",
                    savepoint.checkpointId(), lastWrongCommit);
            jobs.startRightDwd(savepoint);
        }
        blow.now();
        live.watchInput();
        long deadline = System.nanoTime() + FIRST_COMMIT_LIMIT.toNanos();
        // a delta that the savepoint carried may still be committed first; a checkpoint of its own comes after that
        while (jobs.completedCheckpoints(Layer.DWD) == 0 || !hasAppendAfter(lastWrongCommit)) {
            if (!live.healthy() || !live.inputGoesOn() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the right DWD did not commit");
            }
            allowMore();
            LockSupport.parkNanos(POLL_NANOS);
        }
        narrator.say("DWD goes on from there with the right logic; its first commit is in the table");
    }

    private boolean hasAppendAfter(long snapshot) {
        return newestDwd() > snapshot
                && Judge.appends(reads.snapshots(Layers.DWD)).stream().anyMatch(append -> append.id() > snapshot);
    }

    private long newestDwd() {
        return reads.latest(Layers.DWD).map(SnapshotFacts::id).orElse(0L);
    }

    /** Without something unread nothing would move. */
    private void allowMore() {
        if (live.publisher().isHeld() && allowed < MOST_ALLOWED) {
            allowed += ALLOWANCE_STEP;
            live.publisher().allow(allowed);
        }
    }

    /** The cluster was lost since the swap, and the jobs have other ids on the next one. */
    void goOnElsewhere() {
        dwsBefore = jobs.id(Layer.DWS);
    }

    /**
     * The UPDATE: idempotent, since what is right it does not touch.
     *
     * @param blow begins when its job runs; never if that has ended before it was seen to run
     */
    void update(Blow blow) {
        if (unreadAtUpdate.isEmpty()) {
            unreadAtUpdate = OptionalLong.of(live.publisher().unreadEvents());
        }
        live.publisher().allow(Math.max(allowed, allowedAtUpdate));
        long dwdBefore = newestDwd();
        long dwsCommits = newestDws();
        long started = System.nanoTime();
        narrator.say("%s  (%,d events are unread)", layers.correction(), unreadAtUpdate.getAsLong());
        JobID job = engine.questions()
                .executeSql(layers.correction())
                .getJobClient()
                .orElseThrow(() -> new IllegalStateException("the UPDATE was not submitted"))
                .getJobID();
        JobStatus status = engine.cluster().status(job);
        while (status == JobStatus.INITIALIZING || status == JobStatus.CREATED) {
            LockSupport.parkNanos(START_POLL_NANOS);
            status = engine.cluster().status(job);
        }
        if (status == JobStatus.RUNNING) {
            blow.begun();
        }
        while (!status.isGloballyTerminalState()) {
            if (!live.healthy()) {
                throw new IllegalStateException("a job failed during the UPDATE");
            }
            if (System.nanoTime() - started > UPDATE_LIMIT.toNanos()) {
                throw new IllegalStateException("the UPDATE takes too long");
            }
            LockSupport.parkNanos(POLL_NANOS);
            status = engine.cluster().status(job);
        }
        String end = status == JobStatus.FINISHED
                ? status.toString()
                : engine.cluster()
                        .failure(job)
                        .map(Failure::of)
                        .map(Failure::line)
                        .orElse(status.toString());
        proof.check("DWD", Layers.DWD + ":update", JobStatus.FINISHED, end);
        updateMillis = Duration.ofNanos(System.nanoTime() - started).toMillis();
        dwsAfter = jobs.id(Layer.DWS);
        narrator.say(
                "the UPDATE took %,d ms; meanwhile and with it %d commits of DWD, %d of DWS; wrong rows now: %s",
                updateMillis,
                newestDwd() - dwdBefore,
                newestDws() - dwsCommits,
                wrongRows().getField(0));
    }

    /** True if no commit of the UPDATE stands in the table. */
    boolean isUpdateOpen() {
        return commits(reads.snapshots(Layers.DWD)).isEmpty();
    }

    private long newestDws() {
        return reads.latest(Layers.DWS).map(SnapshotFacts::id).orElse(0L);
    }

    /** Commits of the UPDATE among the snapshots of DWD; one, if all went well. */
    static List<SnapshotFacts> commits(List<SnapshotFacts> snapshots) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.kind().equals("ROW_DELTA"))
                .toList();
    }

    /**
     * What was seen when it happened.
     *
     * @param unreadEvents when the UPDATE was submitted first
     * @param dwsBefore the job of DWS before the correction, or after the kill in it
     * @param dwsAfter the job of DWS after it
     */
    record Facts(long unreadEvents, JobID dwsBefore, JobID dwsAfter, long updateMillis) {}

    /** Complete only after {@link #update(Blow)}. */
    Facts facts() {
        return new Facts(unreadAtUpdate.orElseThrow(), dwsBefore, dwsAfter, updateMillis);
    }
}
