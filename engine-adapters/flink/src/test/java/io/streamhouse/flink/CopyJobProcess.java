package io.streamhouse.flink;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Protection;
import io.streamhouse.catalog.Protections;
import io.streamhouse.flink.sink.SinkHooks;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.storage.Components;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

/**
 * A process of its own with one job that copies {@code src} to {@code dst}. It waits for a file that names the state to
 * start from, and prints a line whenever its job has come further. Its committer may have to wait at a gate: it says that
 * it is there by a file, and goes on when another file is there.
 */
final class CopyJobProcess {
    /** The state to start from as a line of text; an empty line for none. */
    static final String START = "start";

    /** Written before the put of the snapshot at which the committer waits. */
    static final String AT_GATE = "at-gate";

    /** Lets the committer pass. */
    static final String GATE_OPEN = "gate-open";

    private CopyJobProcess() {}

    /**
     * @param args warehouse; directory of checkpoints; directory of the files above; number of the commit that waits at
     *     the gate, 0 for none; whether older epochs are fenced
     */
    public static void main(String[] args) throws Exception {
        Path warehouse = Path.of(args[0]);
        Path control = Path.of(args[2]);
        try (SinkHooks hooks = SinkHooks.install()) {
            Gate gate = new Gate(control, Integer.parseInt(args[3]));
            Protections protections = Boolean.parseBoolean(args[4])
                    ? Protections.ALL
                    : Protections.without(Protection.OLDER_EPOCHS_ARE_FENCED);
            hooks.openForCommits(address -> open(address, gate, protections));
            TestCluster.get();
            awaitFile(control.resolve(START));
            run(start(warehouse, Path.of(args[1]), Files.readString(control.resolve(START))));
        }
        // the cluster's threads would keep the process
        System.exit(0);
    }

    private static JobClient start(Path warehouse, Path checkpoints, String restored) {
        Map<String, String> options = new HashMap<>();
        options.put("execution.checkpointing.interval", "100 ms");
        options.put("execution.checkpointing.dir", checkpoints.toUri().toString());
        options.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", "20");
        options.put("restart-strategy.fixed-delay.delay", "10 ms");
        if (!restored.isEmpty()) {
            options.put("execution.state-recovery.path", restored);
        }
        return Jobs.of(
                new SqlSession(warehouse)
                        .stream(2, options)
                                .executeSql(
                                        "INSERT INTO dst SELECT a FROM src /*+ OPTIONS('continuous.discovery-interval' = '20 ms') */"));
    }

    private static void run(JobClient job) throws Exception {
        print("JOB " + job.getJobID().toHexString());
        String last = "";
        while (job.getJobStatus().get() != JobStatus.FAILED) {
            String now = progress(job);
            if (!now.equals(last)) {
                print(now);
                last = now;
            }
            pause();
        }
        print(progress(job));
        print("FAILED " + Jobs.failure(job).replace('\n', ' '));
    }

    private static String progress(JobClient job) throws Exception {
        return "PROGRESS attempts=%d commits=%d alreadyCommitted=%d"
                .formatted(
                        Jobs.attempts(job),
                        SinkCounters.of(job.getJobID(), "commits"),
                        SinkCounters.of(job.getJobID(), "alreadyCommitted"));
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void awaitFile(Path file) {
        while (!Files.exists(file)) {
            pause();
        }
    }

    /** A process whose parent is gone ends. */
    private static void pause() {
        if (ProcessHandle.current().parent().filter(ProcessHandle::isAlive).isEmpty()) {
            Runtime.getRuntime().halt(1);
        }
        LockSupport.parkNanos(10_000_000L);
    }

    private static OpenTable open(TableAddress address, Gate gate, Protections protections) throws IOException {
        ObjectStore store = ObjectStores.open(URI.create(address.warehouse()));
        Catalog catalog = Catalogs.open(Components.system(gate.before(store)), protections);
        return new OpenTable(catalog, catalog.table(address.name()));
    }

    /** Holds up the n-th put of a snapshot: the delta was checked against the head, and nothing of it is published. */
    private record Gate(Path control, int number, AtomicInteger puts) {
        Gate(Path control, int number) {
            this(control, number, new AtomicInteger());
        }

        ObjectStore before(ObjectStore store) {
            return (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, args) -> {
                        if (method.getName().equals("putIfAbsent")
                                && args[0].toString().contains("/snapshot/")
                                && puts.incrementAndGet() == number) {
                            Files.writeString(control.resolve(AT_GATE), args[0].toString());
                            awaitFile(control.resolve(GATE_OPEN));
                        }
                        try {
                            return method.invoke(store, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
