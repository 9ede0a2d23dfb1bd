package io.streamhouse.flink.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** Random lives of a stream's readers: every row of every split once, each root bucket in commit order. */
class TableEnumeratorTest {
    private static final int ROOT_BUCKETS = 5;
    private static final int ROWS_PER_SPLIT = 3;

    /** One commit gives one split for some of the root buckets. */
    private static final class Commits implements SplitPlanner {
        private final List<List<Integer>> commits = new ArrayList<>();

        /** What the enumerator has said that it needs, 0 for nothing yet. */
        private long kept;

        @Override
        public Plan next(EnumeratorState.Cursor cursor, int maxSplits) {
            if (!cursor.started()) {
                return new Plan(cursor, List.of(), new EnumeratorState.Cursor(true, 1, cursor.lastSnapshot()));
            }
            List<Piece> pieces = new ArrayList<>();
            long next = cursor.nextSnapshot();
            while (next <= Math.min(commits.size(), cursor.lastSnapshot()) && pieces.size() < maxSplits) {
                for (int bucket : commits.get((int) next - 1)) {
                    pieces.add(
                            new Piece(TableSplit.Kind.CHANGES, bucket, new byte[] {(byte) next, (byte) bucket}, next));
                }
                next++;
            }
            return new Plan(cursor, pieces, new EnumeratorState.Cursor(true, next, cursor.lastSnapshot()));
        }

        @Override
        public long neededBy(TableSplit split) {
            return split.payload()[0];
        }

        @Override
        public void keep(long oldest) {
            kept = oldest;
        }

        @Override
        public long latestSnapshot() {
            return commits.size();
        }

        @Override
        public void close() {}
    }

    /** A coordinator and its readers in one thread. */
    private static final class Job implements SplitEnumeratorContext<TableSplit> {
        private final int parallelism;
        private final Commits commits;
        private final TableEnumerator enumerator;
        private final Map<Integer, ReaderInfo> registered = new HashMap<>();
        private final Map<Integer, List<TableSplit>> held = new TreeMap<>();
        private final Map<Integer, List<TableSplit>> sinceCheckpoint = new TreeMap<>();
        private Runnable discovery = () -> {};

        /** What every root bucket has delivered: commit and row, in order. */
        private final Map<Integer, List<String>> delivered;

        Job(
                int parallelism,
                Commits commits,
                EnumeratorState state,
                List<TableSplit> restored,
                Map<Integer, List<String>> delivered,
                Random random) {
            this.parallelism = parallelism;
            this.commits = commits;
            this.delivered = delivered;
            this.enumerator =
                    new TableEnumerator(this, commits, true, Optional.of(java.time.Duration.ofMillis(1)), state);
            enumerator.start();
            Map<Integer, List<TableSplit>> reports = new HashMap<>();
            for (TableSplit split : restored) {
                // Flink spreads restored splits without a look at them
                reports.computeIfAbsent(random.nextInt(parallelism), k -> new ArrayList<>())
                        .add(split);
            }
            for (int reader = 0; reader < parallelism; reader++) {
                register(reader, reports.getOrDefault(reader, List.of()));
            }
        }

        private void register(int reader, List<TableSplit> report) {
            held.put(reader, new ArrayList<>());
            sinceCheckpoint.put(reader, new ArrayList<>());
            registered.put(reader, ReaderInfo.createReaderInfo(reader, "here", report));
            enumerator.addReader(reader);
            enumerator.handleSplitRequest(reader, "here");
        }

        void discover() {
            discovery.run();
        }

        /** The reader reads one row of its first split. */
        void read(int reader) {
            List<TableSplit> splits = held.get(reader);
            if (splits.isEmpty()) {
                return;
            }
            TableSplit split = splits.get(0);
            delivered
                    .computeIfAbsent(split.rootBucket(), k -> new ArrayList<>())
                    .add(split.payload()[0] + "/" + split.rowsConsumed());
            if (split.rowsConsumed() + 1 == ROWS_PER_SPLIT) {
                splits.remove(0);
                if (splits.isEmpty()) {
                    enumerator.handleSplitRequest(reader, "here");
                }
            } else {
                splits.set(0, split.at(split.rowsConsumed() + 1));
            }
        }

        @Override
        public int currentParallelism() {
            return parallelism;
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            return registered;
        }

        @Override
        public void assignSplits(SplitsAssignment<TableSplit> assignment) {
            assignment.assignment().forEach((reader, splits) -> {
                assertTrue(registered.containsKey(reader));
                held.get(reader).addAll(splits);
                sinceCheckpoint.get(reader).addAll(splits);
            });
        }

        @Override
        public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> handler, long first, long period) {
            discovery = () -> {
                try {
                    handler.accept(call.call(), null);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            };
        }

        @Override
        public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> handler) {
            throw new AssertionError("a stream plans again and again");
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
        }

        @Override
        public void sendEventToSourceReader(int reader, SourceEvent event) {}

        @Override
        public void signalNoMoreSplits(int reader) {}

        @Override
        public void runInCoordinatorThread(Runnable task) {
            task.run();
        }
    }

    /** A checkpoint: the coordinator, the readers and what had been delivered. */
    private record Checkpoint(
            byte[] coordinator, Map<Integer, List<TableSplit>> readers, Map<Integer, List<String>> delivered) {
        List<TableSplit> splits() {
            return readers.values().stream().flatMap(List::stream).toList();
        }
    }

    private static Checkpoint checkpoint(Job job) {
        Map<Integer, List<TableSplit>> readers = new TreeMap<>();
        job.held.forEach((reader, splits) -> readers.put(reader, List.copyOf(splits)));
        job.sinceCheckpoint.values().forEach(List::clear);
        EnumeratorState state = job.enumerator.snapshotState(1);
        job.enumerator.notifyCheckpointComplete(1);
        return new Checkpoint(new EnumeratorStateSerializer().serialize(state), readers, copy(job.delivered));
    }

    /** Fails unless the snapshots of all that a checkpoint still has to read are kept. */
    private static void assertKept(Checkpoint checkpoint, Commits commits) throws IOException {
        EnumeratorState state = new EnumeratorStateSerializer()
                .deserialize(EnumeratorStateSerializer.VERSION, checkpoint.coordinator());
        List<TableSplit> open = new ArrayList<>(checkpoint.splits());
        open.addAll(state.pending());
        for (TableSplit split : open) {
            assertTrue(commits.kept <= split.payload()[0], () -> commits.kept + " is kept, needed is " + split);
        }
        // a job restored from before its start resolves it anew
        assertTrue(!state.cursor().started()
                || commits.kept <= Math.max(1, state.cursor().nextSnapshot() - 1));
    }

    private static Map<Integer, List<String>> copy(Map<Integer, List<String>> delivered) {
        Map<Integer, List<String>> out = new TreeMap<>();
        delivered.forEach((bucket, rows) -> out.put(bucket, new ArrayList<>(rows)));
        return out;
    }

    @Test
    void everyRowIsReadOnceAndInOrderWhateverRestartsOrRescales() throws IOException {
        long seed = Long.getLong("streamhouse.seed", 5L);
        int rescales = 0;
        int alone = 0;
        long furthest = 0;
        for (int life = 0; life < 300; life++) {
            Random random = new Random(seed * 1_000 + life);
            String context = "seed " + seed + " life " + life;
            Commits commits = new Commits();
            Map<Integer, List<String>> delivered = new TreeMap<>();
            Job job = new Job(1 + random.nextInt(4), commits, EnumeratorState.START, List.of(), delivered, random);
            Checkpoint last = checkpoint(job);
            boolean restoredAndNotYetCheckpointed = false;
            for (int step = 0; step < 200; step++) {
                int die = random.nextInt(20);
                if (die < 4) {
                    List<Integer> buckets = new ArrayList<>();
                    for (int b = 0; b < ROOT_BUCKETS; b++) {
                        if (random.nextBoolean()) {
                            buckets.add(b);
                        }
                    }
                    commits.commits.add(buckets);
                } else if (die < 7) {
                    job.discover();
                } else if (die < 17) {
                    job.read(random.nextInt(job.parallelism));
                } else if (die == 17) {
                    last = checkpoint(job);
                    restoredAndNotYetCheckpointed = false;
                } else if (die == 18) {
                    assertKept(last, commits);
                    furthest = Math.max(furthest, commits.kept);
                    job = restore(last, commits, random);
                    restoredAndNotYetCheckpointed = true;
                    rescales++;
                } else if (job.parallelism > 1) {
                    restartAlone(job, last, random.nextInt(job.parallelism), restoredAndNotYetCheckpointed, random);
                    alone++;
                }
            }
            finish(job);
            checkpoint(job);
            checkpoint(job);
            job.discover();
            assertEquals(Math.max(1, commits.commits.size()), commits.kept, context);
            assertDelivered(commits, job.delivered, context);
        }
        assertTrue(furthest >= 5 && furthest < NeededSnapshots.NONE, "kept from snapshot " + furthest);
        assertTrue(rescales > 100 && alone > 100, rescales + " rescales, " + alone + " single restarts");
    }

    private static Job restore(Checkpoint from, Commits commits, Random random) throws IOException {
        EnumeratorStateSerializer states = new EnumeratorStateSerializer();
        TableSplitSerializer splits = new TableSplitSerializer();
        List<TableSplit> held = new ArrayList<>();
        for (TableSplit split : from.splits()) {
            held.add(splits.deserialize(TableSplitSerializer.VERSION, splits.serialize(split)));
        }
        return new Job(
                1 + random.nextInt(4),
                commits,
                states.deserialize(EnumeratorStateSerializer.VERSION, from.coordinator()),
                held,
                copy(from.delivered()),
                random);
    }

    /** One reader falls back to the last checkpoint, what it delivered since is taken back; the others go on. */
    private static void restartAlone(Job job, Checkpoint last, int reader, boolean sinceRestore, Random random) {
        job.registered.remove(reader);
        for (int bucket = 0; bucket < ROOT_BUCKETS; bucket++) {
            if (bucket % job.parallelism == reader) {
                job.delivered.put(bucket, new ArrayList<>(last.delivered().getOrDefault(bucket, List.of())));
            }
        }
        List<TableSplit> back = List.copyOf(job.sinceCheckpoint.get(reader));
        List<TableSplit> report;
        if (sinceRestore) {
            // the checkpoint is older than this coordinator: its splits were spread at random
            List<TableSplit> some = new ArrayList<>(last.splits());
            some.removeIf(s -> random.nextBoolean());
            report = some;
        } else {
            report = last.readers().getOrDefault(reader, List.of());
        }
        job.enumerator.addSplitsBack(back, reader);
        job.register(reader, report);
    }

    private static void finish(Job job) {
        for (int round = 0; round < 2_000; round++) {
            job.discover();
            for (int reader = 0; reader < job.parallelism; reader++) {
                job.read(reader);
            }
        }
    }

    private static void assertDelivered(Commits commits, Map<Integer, List<String>> delivered, String context) {
        Set<Integer> buckets = new HashSet<>(delivered.keySet());
        for (int b = 0; b < ROOT_BUCKETS; b++) {
            List<String> expected = new ArrayList<>();
            for (int c = 0; c < commits.commits.size(); c++) {
                if (commits.commits.get(c).contains(b)) {
                    for (int row = 0; row < ROWS_PER_SPLIT; row++) {
                        expected.add((byte) (c + 1) + "/" + row);
                    }
                }
            }
            assertEquals(expected, delivered.getOrDefault(b, List.of()), context + " root bucket " + b);
            buckets.remove(b);
        }
        assertEquals(Set.of(), buckets, context);
    }
}
