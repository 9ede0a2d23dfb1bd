package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.PublishStats;
import io.streamhouse.catalog.SnapshotDecoder;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.IdSource;
import io.streamhouse.storage.Marks;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.storage.PutOutcome;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultRates;
import io.streamhouse.testkit.FaultReport;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import io.streamhouse.testkit.UnsyncedObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Store, time, ids and chance of one history, and the table in it. */
final class World {
    static final TableName TABLE = TableName.of("db", "t");
    /** Errors and lost answers alike; some calls are applied late, some processes die in a call. */
    private static final FaultRates RATES = FaultRates.NONE
            .with(Fault.ERROR_BEFORE, 0.012)
            .with(Fault.RESPONSE_LOST, 0.03)
            .with(Fault.APPLIED_LATER, 0.004)
            .with(Fault.CRASH_BEFORE, 0.002)
            .with(Fault.CRASH_AFTER, 0.002)
            .withReadError(0.0008)
            .with(Fault.DONE_TWICE, 0.012)
            .with(Fault.NO_SPACE, 0.002)
            .with(Fault.FLIPPED_BIT, 0.001)
            .with(Fault.STALE_LISTING, 0.1);

    /** A turned bit that nobody looks for is only noticed where it changes something that matters. */
    private static final double MANY_FLIPPED_BITS = 0.3;

    private static final Duration STEP = Duration.ofMillis(700);
    private static final int MACHINES = 2;
    /** Of so many moves, and of so many puts of snapshots, one loses a machine's power. */
    private static final int POWER_IN = 60;
    /** The same while calls are under way. */
    private static final int POWER_IN_WHILE_WRITING = 8;
    /** The same while something can be seen that is not sure to stay. */
    private static final int POWER_IN_BEFORE_SYNC = 3;
    /** Snapshots that are kept where somebody lets them go. */
    static final int MOST_RETAINED = 4;

    private static final Map<String, String> SHORT_RETENTION = Map.of(
            "snapshot.time-retained",
            "3 s",
            "snapshot.num-retained.min",
            "3",
            "snapshot.num-retained.max",
            Integer.toString(MOST_RETAINED));

    /** The judge may only read: it keeps nothing from expiring. */
    private static final HookedObjectStore.Puts FORBIDDEN = new HookedObjectStore.Puts() {
        @Override
        public void before(String path) {
            throw new StreamhouseException(ErrorCode.NO_PERMISSION, "%s is not the judge's".formatted(path));
        }

        @Override
        public void after(String path, PutOutcome outcome) {}
    };

    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final ObjectStore memory = ObjectStores.memory(clock);
    private final UnsyncedObjectStore disk;
    private final HistorySettings settings;
    private final Mutant mutant;
    private final RandomGenerator random;
    private final long faultSeed;
    private final Choices choices;
    private final Marks marks;
    private final IdSource ids;
    private final SnapshotDecoder snapshots = new DecodedSnapshots();
    private final FaultyObjectStore connection;
    private final HookedObjectStore.Puts puts;
    private final Optional<ForgetfulObjectStore> forgetful;
    private final List<Process> opened = new ArrayList<>();
    private FaultPolicy faults = FaultPolicy.none();
    /** What was read wrongly in the current move. */
    private final Set<String> damaged = new HashSet<>();

    private Process shared;
    private long elapsedMillis;
    private boolean powerFails;

    /**
     * One operating system process: its connection and its catalog.
     *
     * @param machine where it runs
     * @param connection dead after a crash
     * @param catalog where the table stands
     * @param table the table as this process sees it
     */
    record Process(int machine, FaultyObjectStore connection, Catalog catalog, Table table) {}

    World(long seed, HistorySettings settings, Mutant mutant, Choices choices, Marks marks, HookedObjectStore.Puts puts)
            throws IOException {
        this.settings = settings;
        this.mutant = mutant;
        this.choices = choices;
        this.marks = marks;
        this.puts = puts;
        this.random = Seeds.random(Seeds.derive(seed, 1));
        this.ids = new SeededIds(Seeds.derive(seed, 2));
        this.faultSeed = Seeds.derive(seed, 3);
        this.forgetful = mutant == Mutant.ACKNOWLEDGED_TOO_EARLY
                ? Optional.of(new ForgetfulObjectStore(memory))
                : Optional.empty();
        this.disk = new UnsyncedObjectStore(
                forgetful.isPresent() ? forgetful.get() : memory, path -> path.contains("/snapshot/"), true);
        this.connection = new FaultyObjectStore(disk, new FaultPolicy() {
            @Override
            public Optional<Fault> next(StoreCall call, String path) {
                return faults.next(call, path)
                        .filter(fault -> fault.fits(call) && isExpected(fault, path) && isOfInterest(fault, path))
                        .filter(fault -> choices.happens(Choice.Kind.FAULT))
                        .map(fault -> noted(fault, path));
            }

            @Override
            public int delayCalls() {
                return faults.delayCalls();
            }

            @Override
            public int flippedBit(int bits) {
                return faults.flippedBit(bits);
            }
        });
        Catalog catalog = Catalogs.open(components(memory, Marks.NONE));
        catalog.createDatabase(TABLE.database(), false);
        catalog.createTable(TABLE, settings.shape().schema(settings.expirers() > 0 ? SHORT_RETENTION : Map.of()));
    }

    private Components components(ObjectStore store, Marks marks) {
        return new Components(store, clock, ids, random, Runnable::run, marks);
    }

    /** Listings of snapshots may be late, nobody goes by them alone; those of leases are promised to be whole. */
    private static boolean isExpected(Fault fault, String path) {
        return fault != Fault.STALE_LISTING || path.endsWith("/snapshot");
    }

    /** A checksum is missed where its bytes are damaged. */
    private boolean isOfInterest(Fault fault, String path) {
        return fault != Fault.FLIPPED_BIT || !mutant.isOfChecksums() || mutant.believes(path);
    }

    private Fault noted(Fault fault, String path) {
        if (fault == Fault.FLIPPED_BIT) {
            damaged.add(path);
        }
        return fault;
    }

    /** Whether an error is what damaged bytes or a full store must lead to, and no sign of a wrong table. */
    boolean isExplained(StreamhouseException e) {
        boolean isDamage = e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION;
        return e.code() == ErrorCode.NO_SPACE && settings.faults() || isDamage && !damaged.isEmpty();
    }

    /** An explained error as the failure of the store that it is; any other is thrown on. */
    IOException explained(StreamhouseException e) {
        if (isExplained(e)) {
            return new IOException(e.getMessage(), e);
        }
        throw e;
    }

    HistorySettings settings() {
        return settings;
    }

    Mutant mutant() {
        return mutant;
    }

    RandomGenerator random() {
        return random;
    }

    IdSource ids() {
        return ids;
    }

    /** A move begins, with faults of its own. */
    void begin() {
        damaged.clear();
        powerFails = settings.faults();
        faults = settings.faults()
                ? FaultPolicy.random(Seeds.derive(faultSeed, choices.move()), rates())
                : FaultPolicy.none();
    }

    /** Many reads fail or are wrong, and nothing else happens. */
    void failReads() {
        damaged.clear();
        powerFails = false;
        faults = settings.faults()
                ? FaultPolicy.random(
                        Seeds.derive(faultSeed, choices.move()),
                        FaultRates.NONE.withReadError(0.08).with(Fault.FLIPPED_BIT, 0.08))
                : FaultPolicy.none();
    }

    /** Nothing fails any more. */
    void end() {
        powerFails = false;
        faults = FaultPolicy.none();
    }

    /** The table as nobody's process sees it: without faults, and without what is not sure to stay. */
    Table observed() throws IOException {
        ObjectStore readOnly = new HookedObjectStore(disk.lasting(), FORBIDDEN, Mutant.NONE);
        return open(readOnly, Marks.NONE, Mutant.NONE).table(TABLE);
    }

    private Catalog open(ObjectStore store, Marks marks, Mutant mutant) {
        return Catalogs.open(components(store, marks), mutant.protections(), snapshots);
    }

    /** All processes in the order in which they were started, those to come included. */
    List<Process> processes() {
        return Collections.unmodifiableList(opened);
    }

    /** Starts a process. */
    Process start() throws IOException {
        if (!settings.sharedCatalog()) {
            return open();
        }
        if (shared == null || shared.connection().isCrashed()) {
            shared = open();
        }
        return shared;
    }

    private Process open() throws IOException {
        FaultyObjectStore own = connection.connect();
        ObjectStore hooked = new HookedObjectStore(own, puts, mutant);
        Catalog catalog = open(hooked, marks, mutant);
        Process process = new Process(opened.size() % MACHINES, own, catalog, catalog.table(TABLE));
        opened.add(process);
        return process;
    }

    /** Whether one of the coming moves or puts may lose a machine's power. */
    boolean powerFails() {
        int oneIn = connection.underWay() > 0 ? POWER_IN_WHILE_WRITING : POWER_IN;
        if (!disk.unsynced().isEmpty()) {
            oneIn = POWER_IN_BEFORE_SYNC;
        }
        return powerFails && choices.random().nextInt(oneIn) == 0;
    }

    /**
     * A machine loses its power: its processes die, what they have under way is lost or late. What is acknowledged is not.
     * If something can be seen that is not sure to stay, it was the machine with the disk, and the other one dies with it.
     */
    void losePower(Tally tally) throws IOException {
        RandomGenerator chance = choices.random();
        int machine = chance.nextInt(MACHINES);
        for (Process process : opened) {
            boolean dies = process.machine() == machine || !disk.unsynced().isEmpty();
            if (dies && !process.connection().isCrashed()) {
                tally.add(HistoryEvent.LOST_PUTS, process.connection().losePower(chance::nextBoolean));
            }
        }
        tally.add(HistoryEvent.TAKEN_SNAPSHOTS, disk.losePower());
        if (forgetful.isPresent()) {
            forgetful.get().losePower(chance);
        }
    }

    /** Seconds pass: what can be seen is sure to stay. True if something was not. */
    boolean writeBack() {
        boolean wasAhead = !disk.unsynced().isEmpty();
        disk.writeBack();
        return wasAhead;
    }

    /** Time goes on, mostly; sometimes somebody sets the clock back, and where snapshots expire everybody rests at times. */
    void tick() {
        RandomGenerator chance = choices.random();
        if (settings.expirers() > 0 && chance.nextInt(6) == 0) {
            rest(Duration.ofSeconds(10 + chance.nextInt(80)));
        } else if (chance.nextInt(20) == 0) {
            clock.advance(STEP.negated());
        } else {
            rest(STEP);
        }
    }

    /** Time goes on and nobody does anything. */
    void rest(Duration time) {
        clock.advance(time);
        elapsedMillis += time.toMillis();
    }

    /** How long everything has taken, whatever was done to the clock. */
    long elapsedMillis() {
        return elapsedMillis;
    }

    /** Every call under way reaches the store. */
    void settle() throws IOException {
        connection.settle();
    }

    /** Counts what the processes published. */
    void count(Tally tally) {
        for (Process process : opened) {
            PublishStats stats = process.table().snapshots().stats();
            tally.add(HistoryEvent.HEADS_MOVED, stats.conflicts());
            tally.add(HistoryEvent.MASK_OBJECTS, stats.maskObjects());
            tally.add(HistoryEvent.MANIFESTS, stats.manifestsSpilled() + stats.manifestsMerged());
            tally.add(HistoryEvent.MERGED_SEGMENTS, stats.segmentsMerged());
        }
    }

    FaultReport faults() {
        return connection.report();
    }

    long storeTrace() {
        return connection.traceHash();
    }

    private FaultRates rates() {
        return mutant.isOfChecksums() ? RATES.with(Fault.FLIPPED_BIT, MANY_FLIPPED_BITS) : RATES;
    }
}
