package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.OrphanCleaner;
import io.streamhouse.catalog.SnapshotExpiry;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultReport;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One history: a scheduler that lets one actor move at a time, all by chance from one seed. One thread. */
final class History {
    private static final int MAX_DEPTH = 3;
    private static final int MAX_LIVING = 3;
    private static final int MAX_BATCH_ATTEMPTS = 3;
    /** Two, so that statements race with each other. */
    private static final int CORRECTORS = 2;

    private static final int STALL_IN = 20;

    /** Of so many runs of expirers and cleaners one is a cleaner's. */
    private static final int CLEAN_IN = 4;

    /** Before so many puts of schemas, and after so many, somebody else changes one. */
    private static final int BESIDE_SCHEMA_IN = 3;

    private static final Duration SHORT_PAUSE = SnapshotExpiry.GRACE.plusSeconds(2);
    /** Far more than what one failure in ten lets come about. */
    private static final int MAX_EXPIRIES = 20;

    private static final Duration LONG_REST = OrphanCleaner.DEFAULT_AGE.plusDays(1);
    /** Longer than any lease. */
    private static final Duration LONG_PAUSE = PatientReader.LEASE.plusMinutes(2);

    private final HistorySettings settings;
    private final Choices choices;
    private final RandomGenerator random;
    private final Tally tally = new Tally();
    private final Trace trace = new Trace();
    private final World world;
    private final ChainJudge judge;
    private final SchemaOracle schemas;
    private final List<EngineJob> jobs = new ArrayList<>();
    private final List<Corrector> correctors = new ArrayList<>();
    private final List<Compactor> compactors = new ArrayList<>();
    private final List<Expirer> expirers = new ArrayList<>();
    private final List<SchemaChanger> changers = new ArrayList<>();
    private final Cleaner cleaner;
    private final PatientReader reader;
    private long values;
    private int batches;
    private int depth;
    private boolean hasStalled;
    private boolean longPauseComes;

    /**
     * @param schedule what may happen
     * @param settings those of its seed, cut down as it says
     */
    History(Schedule schedule, HistorySettings settings, Mutant mutant) throws IOException {
        long seed = schedule.seed();
        this.settings = settings;
        this.choices = new Choices(Seeds.derive(seed, 0), schedule.only());
        this.random = choices.random();
        this.world = new World(seed, settings, mutant, choices, tally, new HookedObjectStore.Puts() {
            @Override
            public void before(String path) {
                if (path.contains("/snapshot/")) {
                    beforeSnapshot();
                } else if (path.contains("/schema/")) {
                    besideSchema();
                }
            }

            @Override
            public void after(String path, PutOutcome outcome) {
                if (path.contains("/snapshot/") && outcome == PutOutcome.CREATED) {
                    afterSnapshot(path);
                } else if (path.contains("/schema/")) {
                    besideSchema();
                }
            }
        });
        this.judge = new ChainJudge(
                world.observed(), settings.shape().keyColumns(), Seeds.random(Seeds.derive(seed, 4)), tally, trace);
        this.schemas = new SchemaOracle(world, random, trace);
        for (int i = 0; i < CORRECTORS; i++) {
            correctors.add(new Corrector(this));
        }
        for (int i = 0; i < settings.jobs(); i++) {
            jobs.add(new EngineJob("job-" + (char) ('a' + i)));
        }
        for (int i = 0; i < settings.compactors(); i++) {
            compactors.add(new Compactor(this, "compactor-" + (i + 1)));
        }
        for (int i = 0; i < settings.changers(); i++) {
            changers.add(new SchemaChanger(this, "changer-" + (i + 1)));
        }
        for (int i = 0; i < settings.expirers(); i++) {
            expirers.add(new Expirer(this, "expirer-" + (i + 1)));
        }
        this.cleaner = new Cleaner(this);
        this.reader = new PatientReader(this);
        trace.note("%s", settings);
    }

    World world() {
        return world;
    }

    RandomGenerator random() {
        return random;
    }

    Tally tally() {
        return tally;
    }

    Choices choices() {
        return choices;
    }

    Trace trace() {
        return trace;
    }

    ChainJudge judge() {
        return judge;
    }

    SchemaOracle schemas() {
        return schemas;
    }

    long nextValue() {
        return ++values;
    }

    /** Runs to the end and judges it; any error is a wrong table. */
    void run() throws IOException {
        try (judge) {
            play();
        }
        count();
    }

    private void play() throws IOException {
        for (int step = 0; step < settings.steps(); step++) {
            if (choices.begin()) {
                world.begin();
                world.tick();
                move();
                judge.look();
                schemas.look();
            }
        }
        choices.beginAlways();
        world.end();
        world.settle();
        world.writeBack();
        judge.look();
        for (EngineJob job : jobs) {
            recover(job);
        }
        if (!expirers.isEmpty() && judge.head() > 0) {
            cleanUp();
        }
        schemas.end();
    }

    /** Days later, when nobody is at work any more, nothing is left but what can be read. */
    private void cleanUp() throws IOException {
        jobs.forEach(job -> job.living().forEach(Attempt::kill));
        depth = MAX_DEPTH; // nobody comes between
        world.rest(LONG_REST);
        // nothing is older than the newest commit says
        new BatchStatement(this, "batch-" + ++batches).attempt();
        expireAll();
        choices.beginAlways();
        world.failReads();
        for (int i = 0; i < 3; i++) {
            cleaner.move();
        }
        world.end();
        cleaner.move();
        judge.files().requireNothingElse();
    }

    /**
     * Each holds the options of the day it was opened, so one may let go what the others keep, and who has failed has done
     * nothing: at rest is the table that all of them have left as it was.
     */
    private void expireAll() {
        boolean isIdle = false;
        for (int i = 0; !isIdle && i < MAX_EXPIRIES; i++) {
            isIdle = true;
            for (Expirer expirer : expirers) {
                isIdle &= expirer.move();
                world.rest(SHORT_PAUSE);
            }
        }
    }

    private void move() throws IOException {
        double x = random.nextDouble();
        if (world.powerFails()) {
            losePower();
            return;
        }
        EngineJob job = jobs.get(random.nextInt(jobs.size()));
        List<Attempt> living = job.living();
        if (!living.isEmpty() && x >= 0.05 && (x < 0.34 || x >= 0.95)) {
            writeBack();
        }
        if (living.isEmpty() || settings.restarts() && x < 0.05) {
            start(job);
        } else if (settings.restarts() && x < 0.08) {
            batch();
        } else if (x < 0.16) {
            correctors.get(random.nextInt(CORRECTORS)).move();
        } else if (!compactors.isEmpty() && x < 0.2) {
            compactors.get(random.nextInt(compactors.size())).move();
        } else if (!expirers.isEmpty() && x < 0.26) {
            if (random.nextInt(CLEAN_IN) == 0) {
                cleaner.move();
            } else {
                expire();
            }
        } else if (!expirers.isEmpty() && x < 0.34) {
            reader.move();
        } else if (!changers.isEmpty() && x >= 0.95) {
            changers.get(random.nextInt(changers.size())).move();
        } else {
            drive(living.get(random.nextInt(living.size())));
        }
    }

    /** Only starts and commits of jobs meet a snapshot that is not sure to stay: others come seconds later. */
    private void writeBack() throws IOException {
        if (world.writeBack()) {
            judge.look();
        }
    }

    private void drive(Attempt attempt) throws IOException {
        if (attempt.job().isSuperseded(attempt)) {
            tally.add(HistoryEvent.ZOMBIE_MOVES);
        }
        if (!attempt.isRunning()) {
            attempt.openUp();
        } else if (attempt.canCommit() && (!attempt.canCheckpoint() || random.nextInt(100) < 52)) {
            attempt.commit();
        } else if (attempt.canCheckpoint()) {
            writeBack();
            attempt.checkpoint();
        } else {
            // three in flight and none of them complete: the engine gives up
            attempt.kill();
        }
    }

    /** All processes of a machine die at once; everything that has been acknowledged stands. */
    private void losePower() throws IOException {
        judge.look();
        trace.note("a machine loses its power");
        world.losePower(tally);
        tally.add(HistoryEvent.POWER_LOSSES);
        judge.requireStanding();
    }

    /** Called by whoever is about to put a snapshot: somebody else may be faster. */
    private void beforeSnapshot() {
        if (world.powerFails() && choices.happens(Choice.Kind.POWER)) {
            try {
                losePower();
            } catch (IOException e) {
                throw new AssertionError("the judge cannot look", e);
            }
        }
        if (depth == 0 && !expirers.isEmpty() && (longPauseComes || random.nextInt(STALL_IN) == 0)) {
            if (!choices.happens(Choice.Kind.PAUSE)) {
                return;
            }
            stall(longPauseComes || random.nextInt(3) == 0 ? LONG_PAUSE : SHORT_PAUSE);
            return;
        }
        while (depth < MAX_DEPTH && random.nextDouble() < settings.interleaving()) {
            if (!choices.happens(Choice.Kind.INTERVENTION) || !intervene(true)) {
                return;
            }
        }
    }

    /** Called before and after somebody puts a schema: others may be faster, or change what has just been changed. */
    private void besideSchema() {
        while (depth < MAX_DEPTH && random.nextInt(BESIDE_SCHEMA_IN) == 0) {
            List<SchemaChanger> others =
                    changers.stream().filter(c -> !c.isBusy()).toList();
            if (others.isEmpty() || !choices.happens(Choice.Kind.INTERVENTION)) {
                return;
            }
            within(others.get(random.nextInt(others.size()))::move);
        }
    }

    /** Whoever is about to put is paused for minutes: others commit, and what it built on expires, and is deleted. */
    private void stall(Duration pause) {
        longPauseComes = false;
        trace.note("a long pause");
        trace.enter();
        int before = depth;
        depth = MAX_DEPTH;
        try {
            writeBack();
            reader.seeNewest();
            long last = judge.head() + random.nextInt(3 * World.MOST_RETAINED);
            for (int i = 0; i < 4 * World.MOST_RETAINED && judge.head() < last; i++) {
                if (random.nextBoolean() || !intervene(false)) {
                    batch();
                }
            }
            world.rest(SHORT_PAUSE);
            expire();
            world.rest(pause);
            batch();
            expire();
            if (pause.equals(LONG_PAUSE)) {
                // what a lease has kept until now
                world.rest(SHORT_PAUSE);
                expire();
            }
        } catch (IOException e) {
            throw new AssertionError("the judge cannot look", e);
        } finally {
            depth = before;
            trace.leave();
        }
        hasStalled = true;
        tally.add(HistoryEvent.STALLED_PUBLISHERS);
    }

    private void expire() {
        expirers.get(random.nextInt(expirers.size())).move();
    }

    private void afterSnapshot(String path) {
        if (!hasStalled) {
            return;
        }
        hasStalled = false;
        String name = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
        try {
            if (Long.parseLong(name) < judge.earliest()) {
                tally.add(HistoryEvent.REFILLED_SLOTS);
                reader.seeNewest();
            }
        } catch (IOException e) {
            throw new AssertionError("the judge cannot look", e);
        }
    }

    /** The next who is about to put is paused for longer than any lease lives. */
    void expectLongPause() {
        longPauseComes = true;
    }

    /** Called between two flushes of one checkpoint. */
    void between(Attempt attempt) {
        if (depth < MAX_DEPTH && random.nextInt(10) == 0 && choices.happens(Choice.Kind.INTERVENTION)) {
            intervene(false);
        }
    }

    private boolean intervene(boolean onlyCommits) {
        List<Runnable> others = new ArrayList<>();
        for (EngineJob job : jobs) {
            for (Attempt a : job.living()) {
                if (!a.isBusy() && (a.canCommit() || !onlyCommits && a.canCheckpoint())) {
                    others.add(a.canCommit() ? a::commit : a::checkpoint);
                }
            }
        }
        for (Compactor c : compactors) {
            if (c.canPublish()) {
                others.add(c::move);
            }
        }
        for (Corrector c : correctors) {
            if (c.canPublish()) {
                others.add(c::move);
            }
        }
        if (others.isEmpty()) {
            return false;
        }
        within(others.get(random.nextInt(others.size())));
        return true;
    }

    /** Somebody moves in the middle of another one's move. */
    private void within(Runnable other) {
        depth++;
        trace.enter();
        try {
            writeBack();
            other.run();
        } catch (IOException e) {
            throw new AssertionError("the judge cannot look", e);
        } finally {
            trace.leave();
            depth--;
        }
    }

    private void start(EngineJob job) {
        List<Attempt> living = job.living();
        boolean kill = living.size() >= MAX_LIVING || random.nextBoolean();
        if (!living.isEmpty() && kill) {
            living.get(living.size() - 1).kill();
        }
        Optional<StoredState> state = job.choose(random, judge.timelines());
        start(job, state, random.nextInt(10) == 0 ? OlderSavepoint.NEW_USER : OlderSavepoint.REFUSE);
    }

    private Optional<Attempt> start(EngineJob job, Optional<StoredState> state, OlderSavepoint policy) {
        int writers = 1 + random.nextInt(settings.writers());
        String name = job.name() + "#" + (job.attemptCount() + 1);
        trace.note(
                "%s starts with %d writers from %s",
                name, writers, state.map(s -> "checkpoint " + s.checkpoint()).orElse("nothing"));
        Attempt attempt;
        try {
            attempt = new Attempt(this, job, name, world.start(), state, writers, policy);
        } catch (StreamhouseException | IOException e) {
            trace.note("%s fails: %s", name, failure(e).getMessage());
            return Optional.empty();
        }
        tally.add(HistoryEvent.FORKS, job.living().isEmpty() ? 0 : 1);
        if (state.isPresent()) {
            tally.add(HistoryEvent.RESTORES);
            tally.add(HistoryEvent.OLDER_RESTORES, state.equals(job.newestState()) ? 0 : 1);
            tally.add(HistoryEvent.RESCALES, state.get().writers() == writers ? 0 : 1);
        } else if (job.attemptCount() > 0) {
            tally.add(HistoryEvent.STATELESS_RESTARTS);
        }
        job.started(attempt);
        return Optional.of(attempt);
    }

    private void batch() throws IOException {
        BatchStatement statement = new BatchStatement(this, "batch-" + ++batches);
        for (int i = 0; i < MAX_BATCH_ATTEMPTS; i++) {
            try {
                if (statement.attempt() && random.nextInt(3) > 0) {
                    return;
                }
            } catch (StreamhouseException | IOException e) {
                trace.note("batch fails: %s", failure(e).getMessage());
            }
        }
    }

    /** What is a failure of the store; anything else is thrown on. */
    IOException failure(Exception e) {
        return e instanceof IOException io ? io : world.explained((StreamhouseException) e);
    }

    /** However a history went, some state goes on, and all that it holds gets into the table. */
    private void recover(EngineJob job) throws IOException {
        if (job.states().isEmpty()) {
            return;
        }
        trace.note("recovery of %s", job.name());
        job.living().forEach(Attempt::kill);
        StoredState state = job.newestThatContinues(judge.timelines())
                .orElseThrow(() -> new AssertionError("no state of %s goes on from the table".formatted(job.name())));
        Attempt last = start(job, Optional.of(state), OlderSavepoint.REFUSE).orElseThrow();
        while (!last.isRunning() && !last.isDead()) {
            // before its fence a delta may still be refused because of a fence that came after it was written
            last.openUp(true);
            judge.look();
        }
        if (last.isDead() || !judge.timelines().published(state.user()).equals(state.lineage())) {
            throw new AssertionError("%s could not commit what checkpoint %d of %s holds"
                    .formatted(last, state.checkpoint(), job.name()));
        }
    }

    private void count() {
        FaultReport faults = world.faults();
        tally.add(HistoryEvent.HISTORIES);
        tally.add(HistoryEvent.HISTORIES_SHARING_NOTHING, settings.sharesNothing() ? 1 : 0);
        world.count(tally);
        tally.add(HistoryEvent.STORE_CALLS, faults.calls());
        tally.add(HistoryEvent.FAULTS, faults.total());
        tally.add(HistoryEvent.LOST_RESPONSES, faults.appliedUnanswered());
        trace.mix(world.storeTrace());
        trace.mix(faults.count(Fault.RESPONSE_LOST));
    }
}
