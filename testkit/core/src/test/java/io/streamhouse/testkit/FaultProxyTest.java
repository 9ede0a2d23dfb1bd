package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private static final String CONTENT = "content ".repeat(1_000);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** One permit for each request that reached the server. */
    private final Semaphore reached = new Semaphore(0);

    private HttpServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            reached.release();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        proxy = FaultProxy.start(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
    }

    private HttpResponse<String> put(NetworkFault fault) throws IOException, InterruptedException {
        proxy.next(1, fault, request -> request.method().equals("PUT"));
        HttpRequest request = HttpRequest.newBuilder(proxy.uri().resolve("/a?b=c"))
                .PUT(BodyPublishers.ofString(CONTENT))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void whatPassesIsWholeHoweverSlow() throws Exception {
        for (NetworkFault fault : new NetworkFault[] {NetworkFault.NONE, NetworkFault.SLOW}) {
            assertEquals(CONTENT, put(fault).body());
        }
        assertEquals(2, reached.availablePermits());
        assertEquals(1, proxy.count(NetworkFault.SLOW));
        assertEquals(2, proxy.count(request -> request.target().equals("/a?b=c")));
    }

    @Test
    void whatIsCutOffReachesTheServerOrNot() {
        assertThrows(IOException.class, () -> put(NetworkFault.LOST));
        assertEquals(1, reached.availablePermits());
        assertThrows(IOException.class, () -> put(NetworkFault.CUT));
        assertEquals(2, reached.availablePermits());
        assertThrows(IOException.class, () -> put(NetworkFault.RESET));
        assertEquals(2, reached.availablePermits());
    }

    @Test
    void whatIsLateReachesTheServerWhenItIsLetGo() throws Exception {
        assertThrows(IOException.class, () -> put(NetworkFault.LATE));
        assertEquals(0, reached.availablePermits());
        proxy.release();
        assertEquals(true, reached.tryAcquire(20, TimeUnit.SECONDS));
    }

    @Test
    void whatIsDoubledReachesTheServerTwice() throws Exception {
        assertEquals(CONTENT, put(NetworkFault.DOUBLED).body());
        assertEquals(2, reached.availablePermits());
    }

    @Test
    void whatTheProxyAnswersReachesNoServer() throws Exception {
        assertEquals(503, put(NetworkFault.BUSY).statusCode());
        assertEquals(409, put(NetworkFault.CONFLICT).statusCode());
        assertEquals(0, reached.availablePermits());
    }
}
