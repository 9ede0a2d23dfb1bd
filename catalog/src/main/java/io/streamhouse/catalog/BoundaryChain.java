package io.streamhouse.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.codec.Checksums;
import io.streamhouse.storage.ObjectInfo;
import io.streamhouse.storage.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * {@code boundary/<n>}: up to which snapshot id slots may be empty, missing or filled again by a stalled publisher. A
 * chain of put-if-absent objects from 1, dense; values only grow. Thread-safe.
 *
 * @see "spec/commit.md, section Boundary"
 */
final class BoundaryChain {
    static final int FORMAT_VERSION = 1;
    private static final String DIRECTORY = "boundary";
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectStore store;
    private long newestNumber = -1;
    private long newestValue;

    BoundaryChain(ObjectStore store) {
        this.store = store;
    }

    /** Snapshots with an id up to this are expired; 0 for none. Asks the store every time. */
    synchronized long newest() throws IOException {
        if (newestNumber < 0) {
            newestNumber = newestListed();
            newestValue = newestNumber == 0 ? 0 : valueOf(newestNumber);
        }
        while (store.size(path(newestNumber + 1)) >= 0) {
            newestValue = Math.max(newestValue, valueOf(newestNumber + 1));
            newestNumber++;
        }
        return newestValue;
    }

    /** The newest boundary seen so far, without asking the store. */
    synchronized long known() {
        return newestValue;
    }

    static String path(long number) {
        return DIRECTORY + "/" + number;
    }

    private long newestListed() throws IOException {
        long newest = 0;
        for (ObjectInfo object : store.list(DIRECTORY)) {
            String name = object.path().substring(DIRECTORY.length() + 1);
            if (name.matches("[1-9][0-9]{0,17}")) {
                newest = Math.max(newest, Long.parseLong(name));
            }
        }
        return newest;
    }

    private long valueOf(long number) throws IOException {
        return read(store.read(path(number)), path(number));
    }

    /** The object's bytes: the record, then its length and CRC-32C, like a snapshot. */
    static byte[] write(long expiredThrough) throws IOException {
        ObjectNode record = JSON.createObjectNode();
        record.put("format-version", FORMAT_VERSION);
        record.put("expired-through", expiredThrough);
        String line = JSON.writeValueAsString(record);
        return (line + "\n" + trailer(line)).getBytes(StandardCharsets.UTF_8);
    }

    static long read(byte[] bytes, String object) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String line = text.substring(0, Math.max(0, text.indexOf('\n')));
        if (!Arrays.equals((line + "\n" + trailer(line)).getBytes(StandardCharsets.UTF_8), bytes)) {
            throw StreamhouseException.corrupt(object, "line two does not confirm line one of the boundary");
        }
        JsonNode record;
        try {
            record = JSON.readTree(line);
        } catch (IOException e) {
            throw StreamhouseException.corrupt(object, "boundary is not JSON", e);
        }
        if (record.path("format-version").asInt(-1) != FORMAT_VERSION) {
            throw StreamhouseException.unknownVersion(
                    object, "boundary of format version " + record.path("format-version"));
        }
        JsonNode value = record.path("expired-through");
        if (!value.canConvertToLong() || value.asLong() < 0) {
            throw StreamhouseException.corrupt(object, "boundary at " + value);
        }
        return value.asLong();
    }

    private static String trailer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return "{\"length\":%d,\"crc32c\":\"%s\"}\n".formatted(bytes.length, Checksums.hex(Checksums.crc32c(bytes)));
    }
}
