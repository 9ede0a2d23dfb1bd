package io.streamhouse.testkit.simulation;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.PublishStats;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.TableName;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.IdSource;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultRates;
import io.streamhouse.testkit.FaultReport;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.ManualClock;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import io.streamhouse.testkit.StoreCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Store, time, ids and chance of one history, and the table in it. */
final class World {
    static final TableName TABLE = TableName.of("db", "t");
    /** Errors and lost answers alike; some calls are applied late, some processes die in a call. */
    private static final FaultRates RATES = FaultRates.NONE
            .withErrorBefore(0.012)
            .withResponseLost(0.02)
            .withAppliedLater(0.004)
            .withCrashes(0.002, 0.002)
            .withReadError(0.0008);

    private static final Duration STEP = Duration.ofMillis(700);

    private final ObjectStore memory = ObjectStores.memory();
    private final HistorySettings settings;
    private final Mutant mutant;
    private final RandomGenerator random;
    private final IdSource ids;
    private final ManualClock clock = ManualClock.atMillis(1_700_000_000_000L);
    private final FaultyObjectStore connection;
    private final Runnable beforeSnapshot;
    private final List<Table> opened = new ArrayList<>();
    private boolean failing;
    private Process shared;

    /**
     * One operating system process: its connection and its catalog.
     *
     * @param connection dead after a crash
     * @param table the table as this process sees it
     */
    record Process(FaultyObjectStore connection, Table table) {}

    World(long seed, HistorySettings settings, Mutant mutant, Runnable beforeSnapshot) throws IOException {
        this.settings = settings;
        this.mutant = mutant;
        this.beforeSnapshot = beforeSnapshot;
        this.random = Seeds.random(Seeds.derive(seed, 1));
        this.ids = new SeededIds(Seeds.derive(seed, 2));
        FaultPolicy faults = FaultPolicy.random(Seeds.derive(seed, 3), settings.faults() ? RATES : FaultRates.NONE);
        this.connection = new FaultyObjectStore(memory, new FaultPolicy() {
            @Override
            public Optional<Fault> next(StoreCall call, String path) {
                return failing ? faults.next(call, path) : Optional.empty();
            }

            @Override
            public int delayCalls() {
                return faults.delayCalls();
            }
        });
        Catalog catalog = Catalogs.open(components(memory));
        catalog.createDatabase(TABLE.database(), false);
        catalog.createTable(TABLE, settings.shape().schema());
    }

    private Components components(ObjectStore store) {
        return new Components(store, clock, ids, random, Runnable::run);
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

    void failing(boolean on) {
        failing = on;
    }

    /** The table as nobody's process sees it: without faults. */
    Table observed() throws IOException {
        return Catalogs.open(components(memory)).table(TABLE);
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
        ObjectStore hooked = new HookedObjectStore(own, beforeSnapshot);
        Table table = Catalogs.open(components(hooked), mutant.identity()).table(TABLE);
        opened.add(table);
        return new Process(own, table);
    }

    /** Time goes on, mostly; sometimes somebody sets the clock back. */
    void tick() {
        clock.advance(random.nextInt(20) == 0 ? STEP.negated() : STEP);
    }

    /** Every call under way reaches the store. */
    void settle() throws IOException {
        connection.settle();
    }

    /** Counts what the processes published. */
    void count(Tally tally) {
        for (Table table : opened) {
            PublishStats stats = table.snapshots().stats();
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
}
