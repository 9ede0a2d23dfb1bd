package io.streamhouse.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A session cluster of separate JVMs on 127.0.0.1, and a SQL gateway beside it as its client. */
final class SessionCluster implements AutoCloseable {
    static final String ADDRESS = "127.0.0.1";

    private static final int SLOTS = 2;
    private static final Duration START = Duration.ofSeconds(180);

    private final FlinkInstallation flink;
    private final URI rest;
    private final URI gateway;
    private final List<ChildJvm> processes = new ArrayList<>();

    private SessionCluster(FlinkInstallation flink, URI rest, URI gateway) {
        this.flink = flink;
        this.rest = rest;
        this.gateway = gateway;
    }

    /** Starts one JobManager, TaskManagers {@code tm-0 …} with two slots each and a gateway; all run when it returns. */
    static SessionCluster start(FlinkInstallation flink, int taskManagers) throws Exception {
        int[] ports = freePorts(3);
        SessionCluster cluster = new SessionCluster(flink, http(ports[1]), http(ports[2]));
        try {
            cluster.startProcesses(taskManagers, ports);
            Waiting.until("registration of " + taskManagers + " TaskManagers", START, () -> {
                cluster.checkAlive();
                return cluster.answers() && cluster.taskManagers().size() == taskManagers;
            });
            return cluster;
        } catch (TimeoutException e) {
            String logs = cluster.logs();
            cluster.close();
            throw new IllegalStateException(e.getMessage() + "\n" + logs, e);
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    private void startProcesses(int taskManagers, int[] ports) throws IOException {
        Map<String, String> settings = settings(ports[0], ports[1]);
        String conf = flink.configuration("conf", settings).toString();
        launch(
                "jobmanager",
                400,
                flink.lib(),
                List.of("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "--configDir", conf));
        for (int i = 0; i < taskManagers; i++) {
            launch(
                    "tm-" + i,
                    500,
                    flink.lib(),
                    List.of(
                            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                            "--configDir",
                            conf,
                            "-Dtaskmanager.resource-id=tm-" + i));
        }
        launch(
                "gateway",
                400,
                flink.libAndGateway(),
                List.of(
                        "org.apache.flink.table.gateway.SqlGateway",
                        "-Dsql-gateway.endpoint.rest.address=" + ADDRESS,
                        "-Dsql-gateway.endpoint.rest.bind-address=" + ADDRESS,
                        "-Dsql-gateway.endpoint.rest.port=" + ports[2]));
    }

    private void launch(String name, int heapMebibytes, List<Path> classPath, List<String> arguments)
            throws IOException {
        processes.add(ChildJvm.start(
                flink.home(), name, heapMebibytes, classPath, flink.home().resolve("conf"), arguments));
    }

    private Map<String, String> settings(int rpcPort, int restPort) throws IOException {
        Map<String, String> out = new TreeMap<>();
        out.put("jobmanager.rpc.address", ADDRESS);
        out.put("jobmanager.rpc.port", Integer.toString(rpcPort));
        out.put("jobmanager.bind-host", ADDRESS);
        out.put("rest.address", ADDRESS);
        out.put("rest.bind-address", ADDRESS);
        out.put("rest.port", Integer.toString(restPort));
        out.put("taskmanager.host", ADDRESS);
        out.put("taskmanager.bind-host", ADDRESS);
        out.put("taskmanager.numberOfTaskSlots", Integer.toString(SLOTS));
        // Flink's shell scripts compute these from the process size
        out.put("taskmanager.cpu.cores", "1.0");
        out.put("taskmanager.memory.framework.heap.size", "128m");
        out.put("taskmanager.memory.framework.off-heap.size", "128m");
        out.put("taskmanager.memory.task.heap.size", "372m");
        out.put("taskmanager.memory.task.off-heap.size", "0m");
        out.put("taskmanager.memory.network.min", "32m");
        out.put("taskmanager.memory.network.max", "32m");
        out.put("taskmanager.memory.managed.size", "64m");
        out.put("taskmanager.memory.jvm-metaspace.size", "256m");
        out.put("taskmanager.memory.jvm-overhead.min", "192m");
        out.put("taskmanager.memory.jvm-overhead.max", "192m");
        out.put("taskmanager.load-balance.mode", "SLOTS");
        // a dead TaskManager is noticed soon, a busy one is not taken for dead
        out.put("heartbeat.interval", "1 s");
        out.put("heartbeat.timeout", "15 s");
        out.put("parallelism.default", "2");
        out.put(
                "io.tmp.dirs",
                Files.createDirectories(flink.home().resolve("tmp")).toString());
        out.put("execution.target", "remote");
        return out;
    }

    private static URI http(int port) {
        return URI.create("http://" + ADDRESS + ":" + port);
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getByName(ADDRESS)));
            }
            return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            Json.get(rest.resolve("/overview"));
            Json.get(gateway.resolve("/info"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void checkAlive() {
        for (ChildJvm process : processes) {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended early: " + process.tail());
            }
        }
    }

    /** A new session of the gateway. */
    SqlSession session() throws IOException, InterruptedException {
        return SqlSession.open(gateway);
    }

    /** Names of the TaskManagers that are registered now. */
    Set<String> taskManagers() throws IOException, InterruptedException {
        Set<String> out = new TreeSet<>();
        Json.get(rest.resolve("/taskmanagers"))
                .path("taskmanagers")
                .forEach(manager -> out.add(manager.path("id").asText()));
        return out;
    }

    /** What the cluster says about the job. */
    JsonNode job(String id) throws IOException, InterruptedException {
        return Json.get(rest.resolve("/jobs/" + id));
    }

    /** The job's state: RUNNING, RESTARTING, FINISHED … */
    String state(String id) throws IOException, InterruptedException {
        return job(id).path("state").asText();
    }

    /** Counts of checkpoints, and the last one restored. */
    JsonNode checkpoints(String id) throws IOException, InterruptedException {
        return Json.get(rest.resolve("/jobs/" + id + "/checkpoints"));
    }

    /** What failed in the job so far, as the cluster keeps it. */
    JsonNode exceptions(String id) throws IOException, InterruptedException {
        return Json.get(rest.resolve("/jobs/" + id + "/exceptions"));
    }

    /** By TaskManager, the names of the job's running tasks there. */
    Map<String, Set<String>> runningTasks(String id) throws IOException, InterruptedException {
        Map<String, Set<String>> out = new TreeMap<>();
        for (JsonNode vertex : job(id).path("vertices")) {
            String path = "/jobs/" + id + "/vertices/" + vertex.path("id").asText();
            for (JsonNode task : Json.get(rest.resolve(path)).path("subtasks")) {
                if (task.path("status").asText().equals("RUNNING")) {
                    out.computeIfAbsent(task.path("taskmanager-id").asText(), m -> new TreeSet<>())
                            .add(vertex.path("name").asText());
                }
            }
        }
        return out;
    }

    /** Kills a TaskManager's process by SIGKILL; its exit code. */
    int kill(String taskManager) throws InterruptedException {
        for (ChildJvm process : processes) {
            if (process.name().equals(taskManager)) {
                return process.kill();
            }
        }
        throw new IllegalArgumentException("no process " + taskManager);
    }

    /** The end of every process's log. */
    String logs() {
        return processes.stream().map(ChildJvm::tail).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
    }
}
