package io.streamhouse.testkit.s3server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.testkit.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

class S3ServerTest {
    @Test
    void serverAnswersAndRefusesWhatIsNotSigned() throws Exception {
        URI uri;
        try (ServerProcess server = ServerProcess.start(
                "s3-server", S3ServerMain.class.getName(), "128m", List.of("memory", "key", "secret", "bucket"))) {
            uri = server.uri();
            assertEquals("127.0.0.1", uri.getHost());
            assertEquals(403, get(uri.resolve("/bucket")));
        }
        URI gone = uri;
        assertThrows(IOException.class, () -> get(gone.resolve("/bucket")));
    }

    private static int get(URI uri) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
