package io.streamhouse.storage.hadoop;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands between a client and the name node, and loses the first rename that passes, or its answer. */
final class LossyNameNode implements Closeable {
    /** What is lost. */
    enum Loss {
        REQUEST,
        ANSWER
    }

    /** Name of the call in the bytes of Hadoop's protocol. */
    private static final String RENAME = "rename2";

    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI nameNode;
    private final Loss loss;
    private boolean lost;

    LossyNameNode(URI nameNode, Loss loss) throws IOException {
        this.nameNode = nameNode;
        this.loss = loss;
        start(this::accept);
    }

    URI uri() {
        return URI.create("hdfs://localhost:" + server.getLocalPort());
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "lossy name node");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket behind = new Socket(nameNode.getHost(), nameNode.getPort());
                AtomicBoolean deaf = new AtomicBoolean();
                start(() -> copyRequests(client, behind, deaf));
                start(() -> copyAnswers(behind, client, deaf));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copyRequests(Socket client, Socket behind, AtomicBoolean deaf) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (client) {
            OutputStream to = behind.getOutputStream();
            InputStream from = client.getInputStream();
            for (int got = from.read(buffer); got >= 0; got = from.read(buffer)) {
                if (loses(new String(buffer, 0, got, StandardCharsets.ISO_8859_1))) {
                    if (loss == Loss.REQUEST) {
                        behind.close();
                        return;
                    }
                    deaf.set(true);
                }
                to.write(buffer, 0, got);
            }
        } catch (IOException e) {
            // one of the two has gone, and the other goes too
        }
    }

    private static void copyAnswers(Socket behind, Socket client, AtomicBoolean deaf) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (behind;
                client) {
            InputStream from = behind.getInputStream();
            for (int got = from.read(buffer); got >= 0 && !deaf.get(); got = from.read(buffer)) {
                client.getOutputStream().write(buffer, 0, got);
            }
        } catch (IOException e) {
            // one of the two has gone, and the other goes too
        }
    }

    private synchronized boolean loses(String bytes) {
        boolean loses = !lost && bytes.contains(RENAME);
        lost |= loses;
        return loses;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
