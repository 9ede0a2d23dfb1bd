package io.streamhouse.spec.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.type.SchemaFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonRulesTest {
    private static final Golden SNAPSHOT = Golden.all().stream()
            .filter(g -> g.name().equals("snapshot.json"))
            .findFirst()
            .orElseThrow();
    private static final Golden SCHEMA = Golden.all().stream()
            .filter(g -> g.name().equals("schema.json"))
            .findFirst()
            .orElseThrow();

    private static byte[] edited(Golden g, String from, String to) {
        String text = new String(g.encode().apply(g.record().get()), StandardCharsets.UTF_8);
        String line = text.substring(0, text.indexOf('\n'));
        assertTrue(line.contains(from), () -> from + " is not in " + line);
        return GoldenTest.reseal(g, line.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static void refuses(Golden g, ErrorCode code, String from, String to) {
        byte[] bytes = edited(g, from, to);
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> g.decode().apply(bytes, "o"), () -> from + " -> " + to);
        assertEquals(code, e.code(), e.getMessage());
    }

    @Test
    void unknownFieldsAreLeftAlone() {
        Object plain = SNAPSHOT.decode().apply(edited(SNAPSHOT, "\"id\":7,", "\"id\":7,\"later\":{\"a\":[1]},"), "o");
        assertEquals(DeepText.of(GoldenRecords.snapshot(Optional.empty())), DeepText.of(plain));
        Object schema = SCHEMA.decode().apply(edited(SCHEMA, "\"buckets\":4,", "\"buckets\":4,\"later\":1,"), "o");
        assertEquals(new SchemaFile(GoldenRecords.schema(), Optional.empty()), schema);
    }

    @Test
    void duplicateFieldsAreRefused() {
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"id\":7,", "\"id\":7,\"id\":7,");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"engine\":\"flink\"", "\"engine\":\"flink\",\"engine\":\"x\"");
        refuses(SCHEMA, ErrorCode.CORRUPT_FILE, "\"buckets\":4,", "\"buckets\":4,\"buckets\":5,");
    }

    @Test
    void missingAndMistypedFieldsAreRefused() {
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"row-count\":120298,", "");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"row-count\":120298,", "\"row-count\":\"120298\",");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"row-count\":120298,", "\"row-count\":120298.0,");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"schema-id\":2,", "\"schema-id\":2147483648,");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"parent-id\":6,", "\"parent-id\":5,");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"parent-crc32c\":\"00c0ffee\"", "\"parent-crc32c\":\"c0ffee\"");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "\"inline\":0", "\"inline\":1");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "{\"inline\":1}", "{\"inline\":-1}");
        refuses(SNAPSHOT, ErrorCode.CORRUPT_FILE, "{\"inline\":1},", "");
        refuses(SCHEMA, ErrorCode.CORRUPT_FILE, "\"primary-key\":[\"o_orderkey\"", "\"primary-key\":[\"gone\"");
        refuses(SCHEMA, ErrorCode.CORRUPT_FILE, "\"id\":3,", "\"id\":2,");
        refuses(SCHEMA, ErrorCode.CORRUPT_FILE, "\"nullable\":false", "\"nullable\":0");
    }

    @Test
    void unknownConstantsAreANewerVersion() {
        refuses(SNAPSHOT, ErrorCode.UNKNOWN_VERSION, "\"kind\":\"APPEND\"", "\"kind\":\"MERGE\"");
        refuses(SCHEMA, ErrorCode.UNKNOWN_VERSION, "\"BIGINT\"", "\"UINT64\"");
        refuses(SCHEMA, ErrorCode.UNKNOWN_VERSION, "\"BIGINT\"", "\"bigint\"");
    }

    @Test
    void childrenNameTheChecksumOfLineOne() {
        Snapshot s = GoldenRecords.snapshot(Optional.empty());
        byte[] bytes = SnapshotCodec.write(s);
        int end = 0;
        while (bytes[end] != '\n') {
            end++;
        }
        assertEquals(Checksums.crc32c(bytes, 0, end), SnapshotCodec.crcOfFirstLine(bytes));
        assertNotEquals(0, SnapshotCodec.crcOfFirstLine(bytes));
        bytes[10] ^= 1;
        assertThrows(StreamhouseException.class, () -> SnapshotCodec.crcOfFirstLine(bytes));
    }
}
