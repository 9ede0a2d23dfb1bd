package io.streamhouse.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A server that says what a test lets it say, right or wrong. */
final class ScriptedServer implements AutoCloseable {
    /** Answers a request. */
    interface Script {
        void answer(HttpExchange request) throws IOException;
    }

    private final HttpServer server;
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    ScriptedServer(Script script) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                script.answer(exchange);
            }
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Method and target of each request so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    static void send(HttpExchange request, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        request.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = request.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Without a length in the head. */
    static void sendWithoutLength(HttpExchange request, int status, String body) throws IOException {
        request.sendResponseHeaders(status, request.getRequestMethod().equals("HEAD") ? -1 : 0);
        try (OutputStream out = request.getResponseBody()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
