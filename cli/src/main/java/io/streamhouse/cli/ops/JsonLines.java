package io.streamhouse.cli.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.cli.sql.PlainText;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** One JSON object a line. */
final class JsonLines {
    private final ObjectMapper mapper = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    private final PrintWriter out;

    JsonLines(PrintWriter out) {
        this.out = out;
    }

    /** Prints an object of numbers, booleans, texts, nulls, and lists and maps of them. */
    void print(Map<String, ?> object) {
        try {
            // Jackson escapes those below space only
            out.println(PlainText.of(mapper.writeValueAsString(object)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
