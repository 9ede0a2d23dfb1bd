package io.streamhouse.catalog;

import io.streamhouse.spec.option.OlderSavepoint;
import io.streamhouse.spec.table.DeltaIdentity;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import io.streamhouse.testkit.Fault;
import io.streamhouse.testkit.FaultPolicy;
import io.streamhouse.testkit.FaultRates;
import io.streamhouse.testkit.FaultyObjectStore;
import io.streamhouse.testkit.SeededIds;
import io.streamhouse.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * One random history of one commit user over the real chain: attempts restore any completed state, forks and zombies go
 * on, empty checkpoints publish nothing, answers of the store get lost. Each attempt has a catalog of its own.
 *
 * <p>Always: the table is exactly the lineage of its newest delta (no gap, no foreign timeline, nothing twice), and what
 * was answered as committed is in it.
 */
final class TimelineHistory {
    /** Which attempts there are. */
    enum Style {
        /** Attempts restore any state; several go on from the same one. */
        FORKS,
        /** Attempts restore any state; only the newest takes checkpoints. */
        OLDER_STATES,
        /** Attempts restore the newest state. */
        NEWEST_STATE,
        /** Attempts restore a state of their direct predecessor, which alone may go on as a zombie. */
        ONE_ZOMBIE
    }

    /** Counters over many histories. */
    enum Event {
        COMMITTED,
        ALREADY,
        FENCED,
        REFUSED,
        FENCE,
        FENCE_REFUSED,
        UNANSWERED
    }

    private static final int STEPS = 60;
    private static final String USER = "job";

    private record Delta(DeltaIdentity identity, List<UUID> lineage) {}

    private record State(long checkpoint, int epoch, List<Delta> pending, List<UUID> lineage, Attempt made) {}

    private static final class Attempt {
        final State restored;
        final SnapshotChain chain;
        final List<Delta> recovered;
        final List<Delta> pending = new ArrayList<>();
        List<UUID> lineage;
        int epoch;
        long nextCheckpoint;
        int committable;
        boolean dead;

        Attempt(State restored, SnapshotChain chain) {
            this.restored = restored;
            this.chain = chain;
            this.recovered = new ArrayList<>(restored.pending);
            this.lineage = restored.lineage;
            this.nextCheckpoint = restored.checkpoint + 1;
        }
    }

    private final Style style;
    private final RandomGenerator random;
    private final SeededIds ids;
    private final Components components;
    private final Protections protections;
    private final SnapshotChain truth;
    private final List<State> states = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<UUID, Delta> deltas = new HashMap<>();
    private Attempt owner;
    private List<UUID> table = List.of();
    private boolean published;
    private final Map<Event, Integer> events = new EnumMap<>(Event.class);

    TimelineHistory(long seed, Style style, Protections protections, boolean faults) throws Exception {
        this.style = style;
        this.protections = protections;
        this.random = Seeds.random(seed);
        this.ids = new SeededIds(seed);
        ObjectStore store = ObjectStores.memory();
        Components clean = TestWorld.components(store, Seeds.derive(seed, 1));
        this.truth = TestWorld.newTable(clean).snapshots();
        FaultRates rates = FaultRates.NONE
                .with(Fault.RESPONSE_LOST, 0.15)
                .with(Fault.ERROR_BEFORE, 0.05)
                .with(Fault.APPLIED_LATER, 0.05);
        FaultPolicy policy = faults ? FaultPolicy.random(Seeds.derive(seed, 2), rates) : FaultPolicy.none();
        this.components = TestWorld.components(new FaultyObjectStore(store, policy), Seeds.derive(seed, 3));
        states.add(new State(0, 0, List.of(), List.of(), null));
    }

    Map<Event, Integer> events() {
        return events;
    }

    /** Runs the history; the first violation, or empty. */
    Optional<String> run() throws Exception {
        for (int step = 0; step < STEPS; step++) {
            Optional<String> wrong = step();
            if (wrong.isEmpty() && published) {
                wrong = checkTable();
            }
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> step() throws Exception {
        published = false;
        List<Attempt> living = attempts.stream().filter(a -> !a.dead).toList();
        if (random.nextDouble() < 0.15 || living.isEmpty()) {
            start(living);
            return Optional.empty();
        }
        Attempt a = living.get(random.nextInt(living.size()));
        boolean fenced = a.epoch > 0;
        if (!fenced || !a.recovered.isEmpty()) {
            if (a.recovered.isEmpty() || !fenced && random.nextBoolean()) {
                fence(a);
                return Optional.empty();
            }
            return commit(a, a.recovered);
        }
        boolean mayCheckpoint =
                style == Style.FORKS || style == Style.ONE_ZOMBIE || a == attempts.get(attempts.size() - 1);
        if (random.nextBoolean() && mayCheckpoint) {
            checkpoint(a);
            return Optional.empty();
        }
        if (a.committable > 0) {
            int before = a.pending.size();
            Optional<String> wrong = commit(a, a.pending);
            a.committable -= before - a.pending.size();
            return wrong;
        }
        return Optional.empty();
    }

    private void start(List<Attempt> living) throws Exception {
        State state = states.get(states.size() - 1);
        if (style == Style.ONE_ZOMBIE) {
            Attempt last = owner;
            List<State> own = states.stream().filter(s -> s.made == last).toList();
            state = own.isEmpty()
                    ? (last == null ? states.get(0) : last.restored)
                    : own.get(random.nextInt(own.size()));
            attempts.stream().filter(a -> a != last).forEach(a -> a.dead = true);
        } else if (style != Style.NEWEST_STATE && random.nextDouble() < 0.4) {
            state = states.get(random.nextInt(states.size()));
        }
        if (!living.isEmpty() && random.nextDouble() < 0.4) {
            living.get(living.size() - 1).dead = true;
        }
        attempts.add(new Attempt(state, TestWorld.chain(components, protections)));
    }

    private void fence(Attempt a) {
        State s = a.restored;
        List<UUID> last = s.lineage.subList(Math.max(0, s.lineage.size() - 16), s.lineage.size());
        RestoredState restored = new RestoredState(USER, s.epoch, last, s.checkpoint, s.checkpoint > 0);
        try {
            FenceOutcome outcome = a.chain.fence(restored, OlderSavepoint.REFUSE);
            if (outcome instanceof FenceOutcome.Opened opened) {
                a.epoch = opened.epoch();
                owner = a;
                count(Event.FENCE);
            } else {
                a.dead = true;
                count(Event.FENCE_REFUSED);
            }
        } catch (IOException e) {
            count(Event.UNANSWERED);
        }
    }

    private void checkpoint(Attempt a) {
        long id = a.nextCheckpoint++;
        if (random.nextDouble() < 0.6) {
            UUID uuid = ids.next();
            Optional<UUID> predecessor =
                    a.lineage.isEmpty() ? Optional.empty() : Optional.of(a.lineage.get(a.lineage.size() - 1));
            Delta delta = new Delta(new DeltaIdentity(USER, a.epoch, id, uuid, predecessor, false), a.lineage);
            deltas.put(uuid, delta);
            a.pending.add(delta);
            a.lineage = plus(a.lineage, uuid);
        }
        if (random.nextDouble() < 0.9) {
            a.committable = a.pending.size();
            states.add(new State(id, a.epoch, List.copyOf(a.pending), a.lineage, a));
        }
    }

    private static List<UUID> plus(List<UUID> list, UUID last) {
        List<UUID> out = new ArrayList<>(list);
        out.add(last);
        return out;
    }

    private Optional<String> commit(Attempt a, List<Delta> queue) throws Exception {
        published = true;
        Delta delta = queue.get(0);
        UUID uuid = delta.identity.delta();
        SnapshotDraft draft = TestWorld.append(delta.identity, List.of(TestWorld.file(uuid, 1, 1)), List.of());
        CommitOutcome outcome;
        try {
            outcome = a.chain.publish(a.chain.latest(), draft);
        } catch (IOException e) {
            count(Event.UNANSWERED);
            return Optional.empty();
        }
        if (outcome instanceof CommitOutcome.HeadMoved) {
            return Optional.empty();
        }
        if (outcome instanceof CommitOutcome.Committed) {
            count(Event.COMMITTED);
            queue.remove(0);
            return tableNow().equals(plus(delta.lineage, uuid))
                    ? Optional.empty()
                    : Optional.of("committed, but mixed timelines or a gap");
        }
        if (outcome instanceof CommitOutcome.AlreadyCommitted) {
            count(Event.ALREADY);
            queue.remove(0);
            return tableNow().contains(uuid)
                    ? Optional.empty()
                    : Optional.of("silent loss: AlreadyCommitted but not in the table");
        }
        count(outcome instanceof CommitOutcome.Fenced ? Event.FENCED : Event.REFUSED);
        a.dead = true;
        return style == Style.ONE_ZOMBIE && a == owner
                ? Optional.of("the attempt that fenced last was turned away: " + outcome)
                : Optional.empty();
    }

    private List<UUID> tableNow() throws IOException {
        Optional<Snapshot> head = truth.latest();
        List<UUID> out = new ArrayList<>();
        if (head.isPresent()) {
            for (FileEntry entry : truth.tree(head.get()).entries()) {
                out.add(entry.file().object().id());
            }
        }
        return out;
    }

    private Optional<String> checkTable() throws IOException {
        List<UUID> before = table;
        table = tableNow();
        if (table.size() < before.size() || !table.subList(0, before.size()).equals(before)) {
            return Optional.of("the table lost what it held");
        }
        if (new HashSet<>(table).size() != table.size()) {
            return Optional.of("a delta stands twice in the table");
        }
        if (table.isEmpty()) {
            return Optional.empty();
        }
        UUID newest = table.get(table.size() - 1);
        return plus(deltas.get(newest).lineage, newest).equals(table)
                ? Optional.empty()
                : Optional.of("the table is no lineage: mixed timelines or a gap");
    }

    private void count(Event event) {
        events.merge(event, 1, Integer::sum);
    }
}
