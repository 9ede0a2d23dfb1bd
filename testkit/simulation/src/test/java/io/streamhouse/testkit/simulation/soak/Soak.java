package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.catalog.Table;
import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.testkit.simulation.Journal;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** One run: begins the processes, kills one now and then, looks and judges, and ends them in good order. */
final class Soak implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration STALLED = Duration.ofMinutes(3);

    private final SoakPlan plan;
    private final List<SoakChild> children = new ArrayList<>();
    private final List<SoakChild> mortals;
    private final List<String> jobs = List.of("job-0", "job-1", "job-2");
    private final String subscriber = "subscriber-0";
    private final SoakJudge judge;
    private final SoakRecord record;
    private final Random chance;
    private final Table table;
    private long begin;
    private final List<Journal.Reader> compactions = new ArrayList<>();
    private long lost;

    /** What the subscriber had delivered when it was killed last; what it delivers again is no progress. */
    private long deliveredBefore;

    private long failedCompactions;

    /**
     * What a run came to.
     *
     * @param wrong wrong answers
     * @param complaints the first of them
     * @param growth what did not stay flat
     * @param kills kills, each of a process that had done something since it began
     * @param commits rounds committed
     * @param compactions compactions published
     * @param text all of it, to be printed
     */
    record Outcome(
            long wrong,
            List<String> complaints,
            List<String> growth,
            long kills,
            long commits,
            long compactions,
            long rarestCheck,
            String text) {}

    private Soak(SoakPlan plan) throws IOException {
        this.plan = plan;
        Files.createDirectories(plan.warehouse());
        SoakTable.create(plan.warehouse(), plan.retained());
        this.table = SoakTable.open(plan.warehouse());
        this.chance = new Random(plan.seed());
        add(SoakJob.class, jobs.get(0), false);
        add(SoakJob.class, jobs.get(1), false);
        add(SoakCompactor.class, "compactor", false);
        add(SoakExpirer.class, "expirer", false);
        add(SoakSubscriber.class, subscriber, false);
        add(SoakJob.class, jobs.get(2), true);
        add(SoakSubscriber.class, "subscriber-1", true);
        this.mortals = children.stream().filter(c -> !c.isSteady()).toList();
        this.judge = new SoakJudge(plan, jobs, List.of(subscriber, "subscriber-1"));
        this.record = new SoakRecord(plan.directory().resolve("soak.csv"));
        compactions.add(new Journal.Reader(plan.directory().resolve("compactor.journal")));
        compactions.add(new Journal.Reader(plan.directory().resolve("job-2.compactions")));
    }

    private void add(Class<?> main, String name, boolean isSteady) {
        long parent = ProcessHandle.current().pid();
        children.add(new SoakChild(
                main, new Part(name, plan.directory(), plan.seed(), plan.keys(), isSteady, plan.fault(), parent)));
    }

    /** Runs the plan in its directory, which is emptied first; what it leaves is there to be looked at. */
    static Outcome run(SoakPlan plan) throws IOException, InterruptedException {
        delete(plan.directory());
        try (Soak soak = new Soak(plan)) {
            return soak.run();
        }
    }

    private Outcome run() throws IOException, InterruptedException {
        boolean allAlive = start();
        begin = System.nanoTime();
        Schedule kills = new Schedule(plan.killEvery());
        Schedule samples = new Schedule(plan.sampleEvery());
        Schedule comparisons = new Schedule(plan.compareEvery());
        while (elapsed().compareTo(plan.duration()) < 0 && allAlive) {
            Part.rest(TICK);
            allAlive = judgeLife();
            judge.follow();
            if (allAlive && kills.isDue() && !kill()) {
                kills.postpone();
            }
            if (comparisons.isDue()) {
                judge.compare();
            }
            if (samples.isDue()) {
                sample();
            }
        }
        sample();
        if (allAlive) {
            end();
        }
        return outcome();
    }

    /** The time begins when everybody is at work, which takes a busy machine a while. */
    private boolean start() throws IOException, InterruptedException {
        for (SoakChild child : children) {
            child.start();
        }
        for (SoakChild child : children) {
            while (!child.hasMoved()) {
                Part.rest(TICK);
                if (!judgeLife()) {
                    return false;
                }
            }
        }
        return true;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Times at equal distances. */
    private final class Schedule {
        private final Duration every;
        private Duration next;

        Schedule(Duration every) {
            this.every = every;
            this.next = every;
        }

        boolean isDue() {
            if (elapsed().compareTo(next) < 0) {
                return false;
            }
            next = next.plus(every);
            return true;
        }

        /** The last one did not take place: again at once. */
        void postpone() {
            next = elapsed();
        }
    }

    private boolean judgeLife() throws IOException {
        boolean all = true;
        for (SoakChild child : children) {
            if (!child.isAlive()) {
                judge.complain("%s ended by itself:%n%s", child.name(), child.lastWords());
                all = false;
            }
            if (child.isStalled(STALLED)) {
                judge.complain("%s has done nothing for %s", child.name(), STALLED);
                all = false;
            }
        }
        return all;
    }

    /** Kills one of those that have got further since they began; false if there is none. */
    private boolean kill() throws IOException, InterruptedException {
        List<SoakChild> candidates = new ArrayList<>();
        for (SoakChild child : mortals) {
            boolean hasMoved =
                    child.name().equals(subscriber) ? judge.delivered(subscriber) > deliveredBefore : child.hasMoved();
            if (hasMoved) {
                candidates.add(child);
            }
        }
        if (candidates.isEmpty()) {
            return false;
        }
        SoakChild victim = candidates.get(chance.nextInt(candidates.size()));
        victim.kill();
        if (victim.name().equals(subscriber)) {
            judge.follow();
            deliveredBefore = judge.delivered(subscriber);
        }
        return true;
    }

    private void end() throws IOException, InterruptedException {
        // jobs end at the first sight of it, subscribers only at the head that the jobs have left
        Part.stop(plan.directory(), Long.MAX_VALUE);
        awaitEnd(children.stream().filter(c -> !isSubscriber(c)).toList());
        judge.follow();
        Part.stop(plan.directory(), judge.head());
        awaitEnd(children.stream().filter(Soak::isSubscriber).toList());
        judge.judgeEnd();
    }

    private static boolean isSubscriber(SoakChild child) {
        return child.name().startsWith("subscriber");
    }

    private void awaitEnd(List<SoakChild> ending) throws IOException, InterruptedException {
        for (SoakChild child : ending) {
            while (child.isAlive() && !child.isStalled(STALLED)) {
                Part.rest(TICK);
            }
            if (!child.hasEndedWell()) {
                judge.complain("%s did not end well:%n%s", child.name(), child.lastWords());
            }
        }
    }

    private void sample() throws IOException {
        Snapshot head = table.snapshots().latest().orElse(null);
        if (head == null) {
            return;
        }
        List<FileEntry> live = table.snapshots().tree(head).entries();
        for (Journal.Reader reader : compactions) {
            for (String[] line : reader.next()) {
                lost += line[0].equals("lost") || line[0].equals("gave-up") ? 1 : 0;
                failedCompactions += line[0].equals("failed") ? 1 : 0;
            }
        }
        long[] disk = disk();
        Snapshot earliest = earliest();
        long resident = 0;
        long heap = 0;
        for (SoakChild child : children) {
            resident += child.residentBytes();
            heap += child.isSteady() ? child.heapBytes() : 0;
        }
        record.add(new SoakSample(
                elapsed().toSeconds(),
                live.size(),
                live.stream().mapToLong(e -> e.file().object().sizeBytes()).sum(),
                disk[0],
                disk[1],
                table.components().store().size("snapshot/%020d.json".formatted(head.id())),
                head.tree().manifests().size(),
                head.id() - earliest.id() + 1,
                (head.timeMillis() - earliest.timeMillis()) / 1000,
                judge.commits(),
                judge.compactions(),
                lost,
                kills(),
                Math.max(0, judge.head() - judge.delivered(subscriber)),
                resident,
                heap,
                judge.wrong()));
    }

    private Snapshot earliest() throws IOException {
        while (true) {
            try {
                return table.snapshots().snapshot(table.snapshots().earliestId().orElse(1));
            } catch (StreamhouseException e) {
                if (e.code() != ErrorCode.SNAPSHOT_EXPIRED) {
                    throw e;
                }
                // it went just now, and the table knows it
            }
        }
    }

    private long kills() {
        return children.stream().mapToLong(SoakChild::kills).sum();
    }

    /** Objects and bytes below the warehouse; those that go while they are counted may count or not. */
    private long[] disk() throws IOException {
        long[] sums = new long[2];
        Files.walkFileTree(plan.warehouse(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sums[0]++;
                sums[1] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return sums;
    }

    private Outcome outcome() throws IOException {
        List<String> growth = plan.judgesFlatness() ? record.growth(plan.outlivesLeases()) : List.of();
        Path plot = plan.directory().resolve("soak.png");
        record.plot(plot);
        StringBuilder text = new StringBuilder();
        text.append("soak: %s, seed %d, %,d keys, kill every %s, fault %s%n"
                .formatted(plan.duration(), plan.seed(), plan.keys(), plan.killEvery(), plan.fault()));
        text.append(record.table());
        text.append("kills:");
        mortals.forEach(c -> text.append(" %s %d".formatted(c.name(), c.kills())));
        text.append("%ncompactions failed inside the job: %d%n%s%n".formatted(failedCompactions, judge.summary()));
        judge.complaints().forEach(c -> text.append("wrong: ").append(c).append('\n'));
        growth.forEach(g -> text.append("not flat: ").append(g).append('\n'));
        text.append("plot: ").append(plot).append('\n');
        Files.writeString(plan.directory().resolve("summary.txt"), text);
        return new Outcome(
                judge.wrong(),
                judge.complaints(),
                growth,
                kills(),
                judge.commits(),
                judge.compactions(),
                judge.rarestCheck(),
                text.toString());
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        children.forEach(SoakChild::close);
        record.close();
    }
}
