package io.streamhouse.spec.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Regenerated;
import io.streamhouse.spec.StreamhouseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every byte layout against its golden file, and against every small damage to it. */
class GoldenTest {
    private static final Path FOLDER = Regenerated.file("golden");

    static List<Golden> goldens() {
        return Golden.all();
    }

    @BeforeAll
    static void writeAnew() throws IOException {
        if (Regenerated.isWanted()) {
            for (Golden g : Golden.all()) {
                Regenerated.check(
                        FOLDER.resolve(g.name()), g.encode().apply(g.record().get()));
            }
        }
    }

    private static byte[] bytes(Golden g) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(g.name()));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void recordsAreWrittenAsTheGoldenBytes(Golden g) throws IOException {
        Regenerated.check(FOLDER.resolve(g.name()), g.encode().apply(g.record().get()));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void goldenBytesAreReadAsTheRecord(Golden g) throws IOException {
        Object back = g.decode().apply(bytes(g), g.object());
        assertEquals(DeepText.of(g.record().get()), DeepText.of(back));
        assertArrayEquals(bytes(g), g.encode().apply(back));
    }

    @Test
    void everyGoldenFileHasATest() throws IOException {
        Set<String> known = Golden.all().stream().map(Golden::name).collect(Collectors.toCollection(TreeSet::new));
        known.add("keys.txt");
        // storage/columnar writes it and holds it against Iceberg's own
        known.add("deletion-vectors.puffin");
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(
                    known, files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /** Reads damaged bytes: true if they were refused by a typed error that names the object. */
    private static boolean isRefused(Golden g, byte[] damaged) {
        try {
            g.decode().apply(damaged, g.object());
            return false;
        } catch (StreamhouseException e) {
            assertTrue(e.code() == ErrorCode.CORRUPT_FILE || e.code() == ErrorCode.UNKNOWN_VERSION, e::getMessage);
            assertTrue(e.getMessage().contains(g.object()), e::getMessage);
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyFlippedByteIsRefused(Golden g) throws IOException {
        assertEquals(0, flipsReadWithoutError(g, bytes(g)), g + ": damaged files read without an error");
    }

    /** Flips one bit, or all bits, of each byte in turn. */
    private static int flipsReadWithoutError(Golden g, byte[] golden) {
        int wrong = 0;
        for (int i = 0; i < golden.length; i++) {
            for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                byte[] damaged = golden.clone();
                damaged[i] ^= (byte) mask;
                wrong += isRefused(g, damaged) ? 0 : 1;
            }
        }
        return wrong;
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void aReaderWithoutChecksumsIsCaught(Golden g) throws IOException {
        Golden careless = new Golden(g.name(), g.object(), g.record(), g.encode(), (bytes, object) -> g.decode()
                .apply(reseal(g, Arrays.copyOf(bytes, sealedEnd(g, bytes))), object));
        assertTrue(flipsReadWithoutError(careless, bytes(g)) > 0, g::name);
    }

    /** Where the checksum begins, as far as damage lets that be seen. */
    private static int sealedEnd(Golden g, byte[] bytes) {
        int lineEnd = 0;
        while (lineEnd < bytes.length && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        return g.isJson() ? lineEnd : bytes.length - 4;
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void everyTruncationAndExtensionIsRefused(Golden g) throws IOException {
        byte[] golden = bytes(g);
        int wrong = 0;
        for (int length = 0; length < golden.length; length++) {
            wrong += isRefused(g, Arrays.copyOf(golden, length)) ? 0 : 1;
            wrong += isRefused(g, Arrays.copyOfRange(golden, golden.length - length, golden.length)) ? 0 : 1;
        }
        for (int more = 1; more < 20; more++) {
            wrong += isRefused(g, Arrays.copyOf(golden, golden.length + more)) ? 0 : 1;
        }
        assertEquals(0, wrong, g + ": damaged files read without an error");
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void zeroedBlocksAreRefused(Golden g) throws IOException {
        byte[] golden = bytes(g);
        for (int size : new int[] {4, 16, 64, golden.length}) {
            for (int from = 0; from + size <= golden.length; from++) {
                byte[] damaged = golden.clone();
                Arrays.fill(damaged, from, from + size, (byte) 0);
                assertTrue(Arrays.equals(damaged, golden) || isRefused(g, damaged), g::name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void otherRecordsAreRefused(Golden g) throws IOException {
        for (Golden other : Golden.all()) {
            String family = g.name().substring(0, 6);
            if (!other.name().startsWith(family)) {
                assertTrue(isRefused(g, bytes(other)), () -> g + " read from " + other);
            }
        }
    }

    /** Damage under a right checksum: whoever writes wrong bytes gets a typed error or a whole record, never a raw one. */
    @ParameterizedTest
    @MethodSource("goldens")
    void resealedDamageIsATypedErrorOrAWholeRecord(Golden g) throws IOException {
        byte[] golden = bytes(g);
        int end = sealedEnd(g, golden);
        int refused = 0;
        for (int i = 0; i < end; i++) {
            for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                byte[] damaged = Arrays.copyOf(golden, end);
                damaged[i] ^= (byte) mask;
                byte[] sealed = reseal(g, damaged);
                if (isRefused(g, sealed)) {
                    refused++;
                } else {
                    g.encode().apply(g.decode().apply(sealed, g.object()));
                }
            }
        }
        assertTrue(refused > 0, g::name);
    }

    static byte[] reseal(Golden g, byte[] body) {
        int crc = Checksums.crc32c(body);
        ByteOutput out = new ByteOutput();
        out.writeRaw(body, 0, body.length);
        if (g.isJson()) {
            byte[] trailer = "\n{\"length\":%d,\"crc32c\":\"%s\"}\n"
                    .formatted(body.length, Checksums.hex(crc))
                    .getBytes(StandardCharsets.US_ASCII);
            out.writeRaw(trailer, 0, trailer.length);
        } else {
            out.writeFixed32(crc);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void newerVersionsAndFlagsAreUnknown(Golden g) throws IOException {
        byte[] golden = bytes(g);
        byte[] body = Arrays.copyOf(golden, sealedEnd(g, golden));
        if (g.isJson()) {
            String line = new String(body, StandardCharsets.UTF_8);
            isUnknown(
                    g,
                    line.replace("\"format-version\":1,", "\"format-version\":2,")
                            .getBytes(StandardCharsets.UTF_8));
            if (!line.contains("\"feature-flags\"")) {
                return;
            }
            isUnknown(
                    g,
                    line.replace("\"feature-flags\":[]", "\"feature-flags\":[\"tombstones\"]")
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        for (int at : new int[] {4, 5}) {
            byte[] newer = body.clone();
            newer[at]++;
            isUnknown(g, newer);
        }
    }

    private static void isUnknown(Golden g, byte[] body) {
        StreamhouseException e =
                assertThrows(StreamhouseException.class, () -> g.decode().apply(reseal(g, body), g.object()));
        assertEquals(ErrorCode.UNKNOWN_VERSION, e.code(), e.getMessage());
    }
}
