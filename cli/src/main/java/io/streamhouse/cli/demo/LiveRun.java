package io.streamhouse.cli.demo;

import io.streamhouse.cli.failure.Failure;
import io.streamhouse.cli.input.ChangeFiles;
import io.streamhouse.cli.input.Publisher;
import io.streamhouse.cli.input.SourceTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.types.Row;

/**
 * What goes on while the jobs run: files are published, subscribers follow the tables, people ask questions.
 *
 * <p>Used by one thread; what it starts are threads of their own.
 */
final class LiveRun implements AutoCloseable {
    /** Without any file read for this long while a cluster is there, something is stuck. */
    private static final Duration STALL_LIMIT = Duration.ofSeconds(120);

    /** The same, by the jobs' own measure: a visible file is found within a tenth of a checkpoint interval. */
    private static final int STALL_CHECKPOINTS = 10;

    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);
    private static final double ALLOWANCE_STEP = 0.04;
    private static final long QUERY_PAUSE_MILLIS = 6_000;
    private static final long POLL_NANOS = 250_000_000;

    private final ChangeFiles.Input input;
    private final TableReads reads;
    private final Engine engine;
    private final Layers layers;
    private final Jobs jobs;
    private final Proof proof;
    private final Narrator narrator;
    private final InstantSource clock = InstantSource.system();
    private final Map<SourceTable, Long> lastSeen = new ConcurrentHashMap<>();
    private final Map<SourceTable, FeedThread> followers = new LinkedHashMap<>();
    private final Map<String, ChangeCounts> odsCounts = new LinkedHashMap<>();
    private final Map<String, Replica> replicas = new LinkedHashMap<>();
    private final Map<String, FeedThread> replicaFeeds = new LinkedHashMap<>();
    private final Publisher publisher;
    private final Thread publisherThread;
    private final long startedMillis;
    private LiveChangelog changelog;
    private double allowed;
    private boolean healthy = true;
    private boolean nudged;
    private Quiescence quiescence;
    private long answeredQueries;

    /** Starts subscribers first and then the publisher, so that nothing is missed. */
    LiveRun(
            ChangeFiles.Input input,
            TableReads reads,
            Engine engine,
            Layers layers,
            Jobs jobs,
            Proof proof,
            Narrator narrator) {
        this.input = input;
        this.reads = reads;
        this.engine = engine;
        this.layers = layers;
        this.jobs = jobs;
        this.proof = proof;
        this.narrator = narrator;
        replicate(Layers.DWD, 2);
        replicate(Layers.DWS, 2);
        SourceTable.ALL.forEach(this::follow);
        publisher = new Publisher(input.files(), table -> lastSeen.getOrDefault(table, 0L), clock, STALL_LIMIT);
        publisherThread = new Thread(publisher, "publisher");
        publisherThread.setDaemon(true);
        startedMillis = clock.millis();
        publisherThread.start();
        changelog = subscribe();
    }

    /** The subscriber that prints: a job like those of users, which ends with its cluster. */
    private LiveChangelog subscribe() {
        return new LiveChangelog(
                engine.streaming(),
                Layers.DWS,
                layers.table(Layers.DWS),
                String.join(", ", Layers.columns().get(Layers.DWS)),
                narrator);
    }

    /** The cluster will be lost; that its jobs end, and that nothing is read until {@link #resume}, is no wonder. */
    void expectLoss() {
        publisher.setTimed(false);
        changelog.expectEnd();
    }

    /** Another cluster is there: the subscriber begins again, from the first change on. */
    void resume() {
        publisher.setTimed(true);
        changelog.close();
        changelog = subscribe();
    }

    private void replicate(String table, int keyColumns) {
        Replica replica = new Replica(keyColumns);
        replicas.put(table, replica);
        replicaFeeds.put(
                table,
                new FeedThread(table, reads.changes(table, Layers.columns().get(table)), replica::apply));
    }

    /** The publisher's eyes: event numbers alone; every change is counted, so that none can get lost unseen. */
    private void follow(SourceTable table) {
        ChangeCounts counts = new ChangeCounts();
        ReplicaFeed feed = reads.changes(Layers.ods(table), List.of(SourceTable.EVENT_NUMBER));
        FeedThread thread = new FeedThread(table.name(), feed, (commit, kind, row) -> {
            counts.add(kind);
            if (!kind.isRetraction()) {
                lastSeen.merge(table, (Long) row[0], Math::max);
            }
        });
        odsCounts.put(Layers.ods(table), counts);
        followers.put(table, thread);
    }

    /**
     * Asks the live questions until all files are published and read; what is to happen meanwhile happens when it is due.
     *
     * @param happenings in the order in which they come
     * @return false if something failed; the proof says what. That all events arrived is the judge's to decide
     */
    boolean awaitPublished(List<Happening> happenings) {
        Deque<Happening> coming = new ArrayDeque<>(happenings);
        allow(coming);
        List<Map.Entry<String, String>> queries =
                List.copyOf(layers.liveQueries().entrySet());
        watchInput();
        long nextQuery = clock.millis() + QUERY_PAUSE_MILLIS;
        while (!publisher.isDone() || !coming.isEmpty()) {
            if (!healthy()) {
                return false;
            }
            if (publisher.failure() != null) {
                return proof.check("ODS", "input-read", "all", publisher.failure());
            }
            if (isDue(coming)) {
                coming.remove().body().run();
                allow(coming);
                watchInput();
                continue;
            }
            if (!inputGoesOn()) {
                return false;
            }
            if (clock.millis() >= nextQuery) {
                printStatus();
                Map.Entry<String, String> query = queries.get((int) (answeredQueries % queries.size()));
                ask(query.getKey(), query.getValue());
                nextQuery = clock.millis() + QUERY_PAUSE_MILLIS;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** From now on it counts whether anything is committed. */
    void watchInput() {
        quiescence = new Quiescence(reads, jobs, STALL_CHECKPOINTS);
    }

    /**
     * Whether what is shown is still committed since {@link #watchInput}, to be asked again and again by who waits for it. A
     * subscriber or a committer that lost something leaves the publisher waiting for it: once in a run it is freed.
     *
     * @return false if nothing moves any more; one failed check was written then, and this run is not {@link #healthy}
     */
    boolean inputGoesOn() {
        if (publisher.isDone() || !quiescence.isReached()) {
            return true;
        }
        String waiting = publisher.waiting();
        // all that is visible was read, so the next files are in order; if a commit was lost, the next is refused
        if (!nudged && publisher.showNext()) {
            nudged = true;
            narrator.say(
                    "nothing committed in %d checkpoints, still waiting for %s; the next files are shown",
                    STALL_CHECKPOINTS, waiting);
            watchInput();
            return true;
        }
        publisher.stop();
        healthy = false;
        return proof.check(
                "ODS",
                "input-read",
                "all",
                "nothing committed in %d checkpoints, waiting for %s".formatted(STALL_CHECKPOINTS, waiting));
    }

    private void allow(Deque<Happening> coming) {
        allowed = coming.isEmpty() ? 1 : Math.max(allowed, coming.peek().allowed());
        publisher.allow(allowed);
    }

    private boolean isDue(Deque<Happening> coming) {
        if (coming.isEmpty()) {
            return false;
        }
        boolean held = publisher.isHeld();
        boolean read =
                input.events() - publisher.unreadEvents() >= coming.peek().due() * input.events();
        Happening.State state = held || read ? coming.peek().state().get() : Happening.State.WAITING;
        if (held && state == Happening.State.HUNGRY && allowed < 1 - ALLOWANCE_STEP) {
            allowed += ALLOWANCE_STEP;
            publisher.allow(allowed);
        }
        return state == Happening.State.READY;
    }

    /** True while all jobs and subscribers run; otherwise one failed check was written. */
    boolean healthy() {
        healthy = healthy && allRun();
        return healthy;
    }

    private boolean allRun() {
        var ended = jobs.ended();
        if (ended.isPresent()) {
            return proof.check(ended.get().layer().name(), "job", "RUNNING", ended.get());
        }
        for (Map<?, FeedThread> feeds : List.of(followers, replicaFeeds)) {
            for (Map.Entry<?, FeedThread> feed : feeds.entrySet()) {
                Throwable failure = feed.getValue().failure();
                if (failure != null) {
                    return proof.check(
                            "READER",
                            "subscription",
                            "open",
                            Failure.of(failure).line());
                }
            }
        }
        return true;
    }

    private void printStatus() {
        StringBuilder line = new StringBuilder();
        for (Layer layer : Layer.values()) {
            String table = layer.tables().get(layer.tables().size() - 1);
            reads.latest(table)
                    .ifPresent(latest -> line.append(String.format(
                            Locale.ROOT, "  %s: snapshot %d, %,d rows", table, latest.id(), latest.rowCount())));
        }
        narrator.say("published %,d of %,d events%s", publisher.publishedEvents(), input.events(), line);
    }

    private void ask(String title, String sql) {
        long started = clock.millis();
        List<Row> answer = BatchQuery.rows(engine.questions(), sql);
        answeredQueries++;
        narrator.add("query %s: %s  (%d ms)".formatted(title, answer, clock.millis() - started));
    }

    /** Waits until all subscriptions have all that the tables have; true if they do. */
    boolean awaitSubscriptions() {
        List<Boolean> idle = new ArrayList<>();
        followers.values().forEach(feed -> idle.add(feed.awaitIdle(CATCH_UP_LIMIT)));
        replicaFeeds.values().forEach(feed -> idle.add(feed.awaitIdle(CATCH_UP_LIMIT)));
        return !idle.contains(false);
    }

    Publisher publisher() {
        return publisher;
    }

    /** The subscriber that prints changes of DWS. */
    LiveChangelog changelog() {
        return changelog;
    }

    /** Changes of every ODS table as the publisher's subscriptions have counted them. */
    Map<String, ChangeCounts> odsCounts() {
        return odsCounts;
    }

    Map<String, Replica> replicas() {
        return replicas;
    }

    /** Updates of a replicated table that changed no column. */
    long equalUpdates(String table) {
        return replicaFeeds.get(table).equalUpdates();
    }

    long elapsedMillis() {
        return clock.millis() - startedMillis;
    }

    long answeredQueries() {
        return answeredQueries;
    }

    List<Long> visibleAfterMillis() {
        return publisher.visibleAfterMillis();
    }

    @Override
    public void close() {
        publisher.stop();
        changelog.close();
        followers.values().forEach(FeedThread::close);
        replicaFeeds.values().forEach(FeedThread::close);
        try {
            publisherThread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
