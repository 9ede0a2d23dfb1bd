package io.streamhouse.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The process that {@link ClusterProcess} starts: a cluster and nothing else. It prints one line with its REST address and
 * works until its standard input ends, which also happens when its parent dies.
 */
public final class ClusterMain {
    static final String READY = "READY ";

    private ClusterMain() {}

    /**
     * @param arguments directory of the run, default parallelism
     */
    public static void main(String[] arguments) throws IOException {
        Path run = Path.of(arguments[0]);
        int parallelism = Integer.parseInt(arguments[1]);
        Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
        int code = 0;
        try {
            EmbeddedFlink flink = EmbeddedFlink.start(new RunDirectory(run), tmp, parallelism);
            System.out.println(READY + flink.restAddress());
            System.out.flush();
            while (System.in.read() >= 0) {
                // only the end of the input says something
            }
            flink.close();
        } catch (Throwable e) { // whatever it is, a child without its main thread would live on
            e.printStackTrace();
            code = 1;
        }
        // Flink leaves threads behind that are not daemons
        Runtime.getRuntime().halt(code);
    }
}
