package io.streamhouse.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.streamhouse.spec.codec.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The inline part of a snapshot: tail, removed files and blocks. */
class SnapshotInlineFuzzTest {
    @FuzzTest(maxDuration = Sealed.DURATION)
    void bytes(byte[] data) throws Exception {
        String golden = Files.readString(Path.of("..", "..", "spec", "golden", "snapshot.json"))
                .lines()
                .findFirst()
                .orElseThrow();
        String inline = Base64.getEncoder().encodeToString(data);
        String line = golden.replaceFirst("\"inline\":\"[^\"]*\"", "\"inline\":\"" + inline + "\"");
        Sealed.parse(Sealed.lines(line.getBytes(StandardCharsets.UTF_8)), SnapshotCodec::read);
    }
}
