package io.streamhouse.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    Path directory;

    @Test
    void serverRunsUntilItIsClosed() throws IOException {
        ServerProcess server = start("serve");
        assertEquals(URI.create("http://127.0.0.1:1"), server.uri());
        assertTrue(ProcessHandle.of(server.pid()).orElseThrow().isAlive());
        server.close();
        assertFalse(ProcessHandle.of(server.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void commandIsDoneWhenItIsAnswered() throws Exception {
        try (ServerProcess server = start("serve")) {
            server.command("right");
            assertThrows(AssertionError.class, () -> server.command("wrong"));
            server.command("right");
        }
    }

    @Test
    void serverThatFailsToStartShowsWhatItPrinted() {
        AssertionError e = assertThrows(AssertionError.class, () -> start("fail"));
        assertTrue(e.getMessage().contains("no port is free"), e.getMessage());
    }

    private ServerProcess start(String how) throws IOException {
        Path file = Files.writeString(
                directory.resolve("classpath"), System.getProperty("java.class.path") + File.pathSeparator);
        return ServerProcess.start(file, Server.class.getName(), "64m", List.of(how));
    }

    static final class Server {
        private Server() {}

        public static void main(String[] args) throws IOException {
            if (args[0].equals("fail")) {
                System.err.println("no port is free");
                System.exit(1);
            }
            System.out.println("READY http://127.0.0.1:1");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(line.equals("right") ? "DONE" : "FAILED " + line);
            }
        }
    }
}
