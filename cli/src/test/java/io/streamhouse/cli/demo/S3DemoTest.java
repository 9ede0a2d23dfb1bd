package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.sql.WarehouseCatalog;
import io.streamhouse.testkit.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with its warehouse on a server that speaks S3. */
@Tag("full")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class S3DemoTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDemoIsProvedOnS3(boolean crash) throws IOException {
        StringWriter text = new StringWriter();
        try (ServerProcess server = ServerProcess.start(
                "s3-server",
                "io.streamhouse.testkit.s3server.S3ServerMain",
                "1g",
                List.of("memory", "key", "secret", "bucket"))) {
            RunDirectory run = RunDirectory.claim(directory.resolve("run"));
            WarehouseCatalog warehouse = WarehouseCatalog.parse(
                    "s3://bucket/demo",
                    Map.of(
                            "s3.endpoint", server.uri().toString(),
                            "s3.access-key", "key",
                            "s3.secret-key", "secret"));
            DemoOptions options = new DemoOptions(0.01, 42, warehouse, run, Optional.empty(), crash);
            Demo.Outcome outcome = new Demo(options, new PrintWriter(text, true)).run();
            assertTrue(outcome.holds(), text.toString());
        }
    }
}
