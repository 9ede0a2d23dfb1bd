package io.streamhouse.cli.demo;

import io.streamhouse.cli.cluster.ClusterProcess;
import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.FlinkCluster;
import io.streamhouse.spec.Sabotage;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The cluster on which all runs now, with sessions in which the warehouse is known: one inside this JVM, or a child process
 * that may be killed and replaced.
 *
 * <p>Used by one thread.
 */
final class Engine implements AutoCloseable {
    /** Two cores are what the smallest machine has. */
    private static final int PARALLELISM = 2;

    /** With the 3 GiB of the parent, below 6 GiB in all. */
    private static final int CHILD_HEAP_MEBIBYTES = 2_560;

    private final DemoOptions options;
    private FlinkCluster cluster;
    private TableEnvironment questions;
    private int lives;

    /** Starts the first cluster; takes a few seconds. */
    Engine(DemoOptions options) {
        this.options = options;
        start();
    }

    private void start() {
        lives++;
        cluster = options.crash()
                ? ClusterProcess.start(new ClusterProcess.Start(
                        options.run(), lives, CHILD_HEAP_MEBIBYTES, PARALLELISM, childProperties()))
                : EmbeddedFlink.start(options.run(), PARALLELISM);
        questions = session(cluster.batch());
    }

    private Map<String, String> childProperties() {
        Map<String, String> properties = new HashMap<>();
        options.sabotage().ifPresent(kind -> properties.put(Sabotage.PROPERTY, kind.word()));
        return properties;
    }

    /** Lets go of a cluster that was killed and starts another. */
    void replace() {
        cluster.close();
        start();
    }

    FlinkCluster cluster() {
        return cluster;
    }

    /**
     * The cluster as a process.
     *
     * @throws IllegalStateException if it is inside this JVM
     */
    ClusterProcess process() {
        if (cluster instanceof ClusterProcess process) {
            return process;
        }
        throw new IllegalStateException("the cluster is inside this process");
    }

    /** A new session for unbounded jobs. */
    TableEnvironment streaming() {
        return session(cluster.streaming());
    }

    /** The session for questions about what the tables hold now; another one after {@link #replace}. */
    TableEnvironment questions() {
        return questions;
    }

    /** A new session for questions. */
    TableEnvironment batch() {
        return session(cluster.batch());
    }

    private TableEnvironment session(TableEnvironment environment) {
        options.warehouse().statements().forEach(environment::executeSql);
        return environment;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
