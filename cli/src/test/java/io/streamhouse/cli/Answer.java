package io.streamhouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command answered. */
record Answer(int code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs a command in this process. */
    static Answer of(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Main.run(arguments);
            return new Answer(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** What is printed for programs, as a whole or line by line. */
    static JsonNode json(String printed) throws IOException {
        return JSON.readTree(printed);
    }

    /** The cells of a line of a printed table. */
    static List<String> words(String line) {
        return List.of(line.strip().split("\\s{2,}"));
    }
}
