package io.streamhouse.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that misbehaves in each way is seen to. */
@Tag("bench")
class OutcomeTest {
    @TempDir
    private Path directory;

    /** Does what the file {@code harmed} says. */
    static final class Planted implements Peer {
        Planted(String flavour) {}

        @Override
        public void create(Path table) throws IOException {
            Files.createFile(table.resolve("harmed"));
        }

        @Override
        public Writer writer(Path table, String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> read(Path table) throws Exception {
            switch (Files.readString(table.resolve("harmed"))) {
                case "wrong" -> {
                    return List.of("another");
                }
                case "named" -> throw new IOException("outer", new IOException("the file harmed is damaged"));
                case "other" -> throw new IOException("damaged");
                case "hang" -> Thread.currentThread().join();
                case "memory" -> throw new IOException(new OutOfMemoryError("planted"));
                case "death" -> Runtime.getRuntime().halt(134);
                default -> {
                    // as it should be
                }
            }
            return List.of("row");
        }
    }

    private Outcome of(String planted) throws IOException {
        Path table = Files.createDirectories(directory.resolve("table-" + planted));
        Path target = Files.createDirectories(directory.resolve("target"));
        Files.writeString(target.resolve("classpath"), System.getProperty("java.class.path"));
        Contestant contestant = new Contestant("planted", ".", Planted.class.getName(), "", true, path -> "planted");
        try (ChildJvm jvm = new ChildJvm(contestant, directory, directory, table, "32m")) {
            jvm.require("create", Duration.ofMinutes(1));
            Files.writeString(table.resolve("harmed"), planted);
            return Outcome.of(
                    jvm.ask("read harmed", planted.equals("hang") ? Duration.ofMillis(300) : Duration.ofMinutes(1)),
                    Answer.of(List.of("row")));
        }
    }

    @Test
    void everyOutcomeIsToldFromTheOthers() throws IOException {
        assertEquals(Outcome.RIGHT, of("right"));
        assertEquals(Outcome.WRONG, of("wrong"));
        assertEquals(Outcome.NAMED, of("named"));
        assertEquals(Outcome.OTHER_ERROR, of("other"));
        assertEquals(Outcome.HANG, of("hang"));
        assertEquals(Outcome.OUT_OF_MEMORY, of("memory"));
        assertEquals(Outcome.DEATH, of("death"));
    }

    @Test
    void anUnknownWordIsNamed() {
        assertThrows(
                IllegalArgumentException.class,
                () -> PeerReliability.of(List.of("stride=3"), directory, System.out),
                "stride=3");
    }
}
