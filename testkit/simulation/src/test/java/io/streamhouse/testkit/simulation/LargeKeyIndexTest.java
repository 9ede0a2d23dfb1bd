package io.streamhouse.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a large table fit into a small heap, because no key is an object. */
@Timeout(900)
class LargeKeyIndexTest {
    @TempDir
    private Path directory;

    @Test
    void fiveMillionKeysResolveInA512MebibyteHeap() throws Exception {
        resolve(5_000_000, 16, "512m");
    }

    private void resolve(long keys, int buckets, String heap) throws Exception {
        List<String> arguments =
                List.of(directory.resolve("warehouse").toString(), Long.toString(keys), Integer.toString(buckets));
        try (ForkedJvm jvm = new ForkedJvm(LargeKeyIndexProcess.class, heap, arguments)) {
            String printed = jvm.await();
            System.out.print(printed);
            String expected = "rows=%d inserted=0 updated=90000 deleted=10000".formatted(keys - 10_000);
            assertTrue(printed.contains(expected), () -> "expected " + expected + ", printed " + printed);
        }
    }
}
