package io.streamhouse.flink;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** One Flink cluster for all tests of this process; it lives until the process ends. */
final class TestCluster {
    /** System property: how many checkpoints of a job stay readable. */
    static final String RETAINED_CHECKPOINTS = "streamhouse.test.retained-checkpoints";

    private static MiniCluster cluster;

    private TestCluster() {}

    static synchronized MiniCluster get() {
        if (cluster == null) {
            Configuration conf = new Configuration();
            conf.set(RestOptions.BIND_PORT, "0");
            conf.set(RestOptions.ADDRESS, "localhost");
            conf.set(RestOptions.BIND_ADDRESS, "localhost");
            conf.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(96));
            conf.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
            conf.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
            conf.setString("metrics.reporter.counters.factory.class", SinkCounters.class.getName());
            conf.setString("execution.checkpointing.num-retained", System.getProperty(RETAINED_CHECKPOINTS, "1"));
            MiniCluster started = new MiniCluster(new MiniClusterConfiguration.Builder()
                    .setConfiguration(conf)
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(24)
                    .setRpcServiceSharing(RpcServiceSharing.SHARED)
                    .build());
            try {
                started.start();
            } catch (Exception e) {
                throw new IllegalStateException("the test cluster did not start", e);
            }
            cluster = started;
        }
        return cluster;
    }

    /** An environment whose catalog {@code lake} over the warehouse is current. */
    static StreamTableEnvironment environment(
            Path warehouse, RuntimeExecutionMode mode, int parallelism, Map<String, String> options) {
        Configuration conf = Configuration.fromMap(options);
        conf.set(ExecutionOptions.RUNTIME_MODE, mode);
        StreamExecutionEnvironment env = new TestStreamEnvironment(get(), conf, parallelism, List.of(), List.of());
        EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance().withConfiguration(conf);
        StreamTableEnvironment tables = StreamTableEnvironment.create(
                env,
                mode == RuntimeExecutionMode.BATCH
                        ? settings.inBatchMode().build()
                        : settings.inStreamingMode().build());
        tables.executeSql(
                "CREATE CATALOG lake WITH ('type' = 'streamhouse', 'warehouse' = '" + warehouse.toUri() + "')");
        tables.executeSql("USE CATALOG lake");
        return tables;
    }
}
