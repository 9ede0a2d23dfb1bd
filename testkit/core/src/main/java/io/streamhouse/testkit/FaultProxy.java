package io.streamhouse.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A proxy for HTTP/1.1 on loopback between a client and a server of tests, which a test tells what to do to each request:
 * between the request and its answer all is in its hands. One connection a request on both sides. Bodies are held in
 * memory. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int PIECE_BYTES = 512;
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final int SILENCE_MILLIS = 60_000;

    private final URI backend;
    private final ServerSocket listener;
    private final ExecutorService threads;
    private final AtomicLong arrived = new AtomicLong();
    private final Map<NetworkFault, AtomicLong> counts = new HashMap<>();
    private final List<ProxiedRequest> seen = new ArrayList<>();
    private volatile Function<ProxiedRequest, NetworkFault> rule = request -> NetworkFault.NONE;
    private volatile CountDownLatch held = new CountDownLatch(1);

    private FaultProxy(URI backend, ServerSocket listener) {
        this.backend = backend;
        this.listener = listener;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
        });
        for (NetworkFault fault : NetworkFault.values()) {
            counts.put(fault, new AtomicLong());
        }
    }

    /** Listens on a free port in front of a server. */
    public static FaultProxy start(URI backend) throws IOException {
        FaultProxy proxy = new FaultProxy(backend, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
        proxy.threads.execute(proxy::accept);
        return proxy;
    }

    /** Where clients connect to. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** From now on this decides, on threads of the proxy. */
    public void rule(Function<ProxiedRequest, NetworkFault> rule) {
        this.rule = Objects.requireNonNull(rule);
    }

    /** The next {@code count} requests that fit get the fault, all others none. */
    public void next(int count, NetworkFault fault, Predicate<ProxiedRequest> fits) {
        AtomicLong left = new AtomicLong(count);
        rule(request ->
                fits.test(request) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? fault : NetworkFault.NONE);
    }

    /** Requests that got a fault, since the start. */
    public long count(NetworkFault fault) {
        return counts.get(fault).get();
    }

    /** Requests that fit, since the start. */
    public long count(Predicate<ProxiedRequest> fits) {
        synchronized (seen) {
            return seen.stream().filter(fits).count();
        }
    }

    /** Lets the requests go on that are {@link NetworkFault#LATE}; later ones are held again. */
    public synchronized void release() {
        CountDownLatch before = held;
        held = new CountDownLatch(1);
        before.countDown();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that has gone already
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout(SILENCE_MILLIS);
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            byte[] head = head(in);
            if (head.length == 0) {
                return;
            }
            ProxiedRequest request = parse(arrived.incrementAndGet(), head);
            if ("100-continue".equalsIgnoreCase(request.headers().get("expect"))) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
            byte[] body = in.readNBytes(Integer.parseInt(request.headers().getOrDefault("content-length", "0")));
            synchronized (seen) {
                seen.add(request);
            }
            NetworkFault fault = rule.apply(request);
            counts.get(fault).incrementAndGet();
            act(fault, client, forwarded(head, body));
        } catch (IOException | RuntimeException e) {
            // The client sees a connection that ends; what that means is the test's affair.
        }
    }

    private void act(NetworkFault fault, Socket client, byte[] request) throws IOException {
        if (fault.answers()) {
            client.getOutputStream().write(answer(fault));
            return;
        }
        switch (fault) {
            case RESET -> cut(client);
            case LATE -> {
                CountDownLatch gate = held;
                cut(client);
                if (await(gate)) {
                    exchange(request);
                }
            }
            case LOST -> {
                exchange(request);
                cut(client);
            }
            case DOUBLED -> {
                exchange(request);
                client.getOutputStream().write(exchange(request));
            }
            case CUT -> {
                byte[] answer = exchange(request);
                int start = bodyOf(answer);
                client.getOutputStream().write(answer, 0, start + (answer.length - start) / 2);
                client.getOutputStream().flush();
            }
            case SLOW -> {
                byte[] answer = exchange(request);
                for (int at = 0; at < answer.length; at += PIECE_BYTES) {
                    client.getOutputStream().write(answer, at, Math.min(PIECE_BYTES, answer.length - at));
                    client.getOutputStream().flush();
                    Thread.yield();
                }
            }
            default -> client.getOutputStream().write(exchange(request));
        }
    }

    private static boolean await(CountDownLatch gate) {
        try {
            return gate.await(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void cut(Socket client) throws IOException {
        client.setSoLinger(true, 0); // a reset, not an end
        client.close();
    }

    /** Sends a request to the server and reads the whole answer. */
    private byte[] exchange(byte[] request) throws IOException {
        try (Socket server = new Socket(backend.getHost(), backend.getPort())) {
            server.setSoTimeout(SILENCE_MILLIS);
            server.getOutputStream().write(request);
            server.getOutputStream().flush();
            return server.getInputStream().readAllBytes();
        }
    }

    /** Everything up to and with the empty line; empty at the end of the connection. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            if (b < 0) {
                if (head.size() == 0) {
                    return new byte[0];
                }
                throw new EOFException("in the head of a request");
            }
            if (head.size() == MAX_HEAD_BYTES) {
                throw new IOException("the head of a request has more than %d bytes".formatted(MAX_HEAD_BYTES));
            }
            head.write(b);
            ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : b == '\r' ? 1 : 0;
        }
        return head.toByteArray();
    }

    private static ProxiedRequest parse(long number, byte[] head) throws IOException {
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3) {
            throw new IOException("no request: " + lines[0]);
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new ProxiedRequest(number, first[0], first[1], headers);
    }

    /** The request with every header that is signed as it was, its connection to be closed after the answer. */
    private static byte[] forwarded(byte[] head, byte[] body) {
        StringBuilder lines = new StringBuilder();
        for (String line : new String(head, StandardCharsets.ISO_8859_1).split("\r\n")) {
            String name = line.toLowerCase(Locale.ROOT);
            if (!name.startsWith("connection:") && !name.startsWith("expect:")) {
                lines.append(line).append("\r\n");
            }
        }
        lines.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] answer(NetworkFault fault) {
        String xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>injected</Message></Error>"
                        .formatted(fault.code());
        return "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(fault.status(), fault.code(), xml.length(), xml)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int bodyOf(byte[] answer) {
        return new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    }

    /** Cuts all connections off; requests that are held never reach the server. */
    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
