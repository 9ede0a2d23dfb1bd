package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.ClusterProcess;
import io.streamhouse.cli.cluster.RecoveryPoint;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.demo.KillPlan.Kill;
import io.streamhouse.cli.demo.TableReads.SnapshotFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.slf4j.LoggerFactory;

/**
 * Kills the process that holds the cluster and all jobs, and brings them back on another one from the newest state that each
 * left behind. Used by one thread.
 */
final class Crashes {
    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(240);
    private static final long POLL_NANOS = 100_000_000;

    private final Engine engine;
    private final Jobs jobs;
    private final RunDirectory run;
    private final TableReads reads;
    private final LiveRun live;
    private final Proof proof;
    private final Narrator narrator;
    private final List<Struck> struck = new ArrayList<>();
    private Map<String, Long> committedBefore = Map.of();
    private Map<Layer, Long> restoredBefore = Map.of();

    Crashes(Scene scene, RunDirectory run) {
        engine = scene.engine();
        jobs = scene.jobs();
        this.run = run;
        reads = scene.reads();
        live = scene.live();
        proof = scene.proof();
        narrator = scene.narrator();
    }

    /**
     * One kill as it was.
     *
     * @param moment what it was to hit
     * @param hit what it did hit
     * @param atMillis since the first file was published
     * @param unreadEvents events that no table showed yet
     * @param lastCheckpoints the newest complete state of each job on disk
     * @param restoredFrom the checkpoint from which each job was restored, as Flink says
     * @param backAfterMillis from the kill until all jobs were restored
     */
    record Struck(
            KillPlan.Moment moment,
            Hit hit,
            long atMillis,
            long unreadEvents,
            Map<Layer, Long> lastCheckpoints,
            Map<Layer, Long> restoredFrom,
            long backAfterMillis) {
        /** The oldest of each, since nothing may be lost behind the slowest job. */
        String line() {
            return String.format(
                    Locale.ROOT,
                    "KILL at=%.1fs unread=%d lastCheckpoint=%d restoredFrom=%d",
                    atMillis / 1000.0,
                    unreadEvents,
                    lowest(lastCheckpoints),
                    lowest(restoredFrom));
        }

        private static long lowest(Map<Layer, Long> ids) {
            return ids.values().stream().mapToLong(Long::longValue).min().orElse(0);
        }
    }

    /** How far what a kill was to hit had got when the process was gone. */
    enum Hit {
        /** There was nothing but jobs that run. */
        JOBS,
        /** Begun and not done. */
        INTERRUPTED,
        /** Done before. */
        TOO_LATE
    }

    List<Struck> struck() {
        return List.copyOf(struck);
    }

    /** Ready if input is unread, all jobs run, and since the last kill each has got on and a commit happened. */
    Happening.State state() {
        for (Layer layer : Layer.values()) {
            long newest = RecoveryPoint.newest(run, layer.name())
                    .map(RecoveryPoint::checkpointId)
                    .orElse(0L);
            if (jobs.status(layer) != JobStatus.RUNNING || newest <= restoredBefore.getOrDefault(layer, 0L)) {
                return Happening.State.WAITING;
            }
        }
        if (committed().equals(committedBefore)) {
            return Happening.State.HUNGRY;
        }
        return live.publisher().unreadEvents() > 0 ? Happening.State.READY : Happening.State.WAITING;
    }

    private Map<String, Long> committed() {
        Map<String, Long> newest = new HashMap<>();
        for (Layer layer : Layer.values()) {
            layer.tables()
                    .forEach(table -> newest.put(
                            table, reads.latest(table).map(SnapshotFacts::id).orElse(0L)));
        }
        return newest;
    }

    /**
     * Kills while something is being done, restores, and begins the subscriber of users anew. What was being done ends with
     * an error then, or has ended before; who asked for it has to look and to repeat it.
     *
     * @param action gets what it has to tell how far it is
     * @param undone asked when the process is gone, so that nothing moves any more: whether what was being done left no
     *     result that would make it done
     * @throws RuntimeException what the action threw before the kill
     */
    void strike(Kill kill, Consumer<Blow> action, BooleanSupplier undone) {
        jobs.rememberCheckpoints();
        Killer killer = new Killer(engine.process(), kill.delay());
        live.expectLoss();
        boolean ended = false;
        try {
            action.accept(killer);
            ended = true;
        } catch (RuntimeException e) {
            if (!killer.struck) {
                throw e;
            }
            LoggerFactory.getLogger(Crashes.class).info("the kill ended what was being done", e);
        }
        killer.finish();
        Hit hit = Hit.JOBS;
        if (kill.moment() != KillPlan.Moment.STREAM) {
            hit = !ended && undone.getAsBoolean() ? Hit.INTERRUPTED : Hit.TOO_LATE;
        }
        committedBefore = committed();
        recover(kill, hit, killer);
    }

    /** One kill, on a thread of its own, since what it hits waits for the process that it kills. */
    private final class Killer implements Blow {
        private final CountDownLatch now = new CountDownLatch(1);
        private final ClusterProcess process;
        private final Duration delay;
        private final Thread thread = new Thread(this::kill, "killer");
        private volatile boolean struck;
        private volatile long atMillis;
        private volatile long unread;

        Killer(ClusterProcess process, Duration delay) {
            this.process = process;
            this.delay = delay;
        }

        private void kill() {
            try {
                now.await(delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                return; // nobody does that while the demo goes on
            }
            atMillis = live.elapsedMillis();
            unread = live.publisher().unreadEvents();
            struck = true;
            process.kill();
        }

        @Override
        public void begun() {
            thread.start();
        }

        @Override
        public void now() {
            now.countDown();
        }

        /** Waits until the process is gone; what did not begin before it ended is killed nevertheless. */
        void finish() {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the cluster is killed", e);
            }
        }
    }

    private void recover(Kill kill, Hit hit, Killer killer) {
        narrator.say("the cluster's process is killed (%s, %s)", kill.moment(), hit);
        engine.replace();
        Map<Layer, Long> last = new EnumMap<>(Layer.class);
        jobs.moveTo(engine.cluster()).forEach((layer, point) -> last.put(layer, point.checkpointId()));
        Map<Layer, Long> restored = new EnumMap<>(Layer.class);
        last.keySet().forEach(layer -> restored.put(layer, awaitRestored(layer)));
        Struck one = new Struck(
                kill.moment(),
                hit,
                killer.atMillis,
                killer.unread,
                last,
                restored,
                live.elapsedMillis() - killer.atMillis);
        struck.add(one);
        restoredBefore = restored;
        narrator.print(one.line());
        narrator.add("%s: last %s, restored from %s, back after %,d ms"
                .formatted(kill.moment(), last, restored, one.backAfterMillis()));
        String name = "kill-" + struck.size();
        proof.check("CRASH", name + ":restored-from", last, restored);
        proof.checkAtLeast("CRASH", name + ":unread", 1, one.unreadEvents());
        if (kill.moment() != KillPlan.Moment.STREAM) {
            proof.check("CRASH", name + ":hit", kill.moment() + ":" + Hit.INTERRUPTED, kill.moment() + ":" + hit);
        }
        live.resume();
    }

    private long awaitRestored(Layer layer) {
        long deadline = System.nanoTime() + RESTORE_LIMIT.toNanos();
        OptionalLong id = engine.process().restoredFrom(jobs.id(layer));
        while (id.isEmpty() && jobs.ended().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
            id = engine.process().restoredFrom(jobs.id(layer));
        }
        return id.orElse(0);
    }
}
