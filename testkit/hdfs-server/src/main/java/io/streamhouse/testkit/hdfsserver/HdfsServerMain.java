package io.streamhouse.testkit.hdfsserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.hadoop.hdfs.server.namenode.NameNodeAdapter;

/**
 * A name node and data nodes on free ports of the loopback interface.
 *
 * <p>Arguments: an empty directory, number of data nodes, then settings of Hadoop as {@code key=value}. Prints
 * {@code READY hdfs://localhost:<port>} and ends with its standard input, each line of which is a command, answered by a
 * line {@code DONE}:
 *
 * <ul>
 *   <li>{@code restart-name-node}: stops it and starts it again on its port; ready again when answered
 *   <li>{@code safe-mode on|off}
 *   <li>{@code stop-data-node}: the first that runs goes at once; {@code start-data-node}: the last that went comes back
 *   <li>{@code quota PATH BYTES}: the bytes, replicas counted, that may lie below a directory, -1 for any number
 *   <li>{@code permission PATH OCTAL}
 * </ul>
 */
public final class HdfsServerMain {
    private final MiniDFSCluster cluster;
    private final Deque<DataNodeProperties> stopped = new ArrayDeque<>();

    private HdfsServerMain(MiniDFSCluster cluster) {
        this.cluster = cluster;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: HdfsServerMain DIRECTORY DATA_NODES [KEY=VALUE…]");
            System.exit(2);
        }
        Configuration configuration = new Configuration();
        // A killed data node is seen to be dead in seconds, and what it held is copied.
        configuration.setInt("dfs.heartbeat.interval", 1);
        configuration.setInt("dfs.namenode.heartbeat.recheck-interval", 1000);
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, args[0]);
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            configuration.set(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration)
                .numDataNodes(Integer.parseInt(args[1]))
                .build();
        cluster.waitActive();
        System.out.println("READY " + cluster.getURI());
        new HdfsServerMain(cluster).serve();
        // At once: nobody waits for requests under way.
        Runtime.getRuntime().halt(0);
    }

    private void serve() throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                run(line.split(" "));
                System.out.println("DONE");
            } catch (Exception e) {
                e.printStackTrace();
                System.out.println("FAILED " + e);
            }
        }
    }

    private void run(String[] command) throws Exception {
        switch (command[0]) {
            case "restart-name-node" -> cluster.restartNameNode(0, true);
            case "safe-mode" -> safeMode(command[1].equals("on"));
            case "stop-data-node" -> stopped.push(cluster.stopDataNode(0));
            case "start-data-node" -> {
                cluster.restartDataNode(stopped.pop(), true);
                cluster.waitActive();
            }
            case "quota" ->
                fileSystem().setQuota(new Path(command[1]), HdfsConstants.QUOTA_DONT_SET, Long.parseLong(command[2]));
            case "permission" -> fileSystem().setPermission(new Path(command[1]), new FsPermission(command[2]));
            default -> throw new IllegalArgumentException("no command " + command[0]);
        }
    }

    private void safeMode(boolean on) throws IOException {
        if (on) {
            NameNodeAdapter.enterSafeMode(cluster.getNameNode(), false);
        } else {
            NameNodeAdapter.leaveSafeMode(cluster.getNameNode());
        }
    }

    private DistributedFileSystem fileSystem() throws IOException {
        return cluster.getFileSystem();
    }
}
