package io.streamhouse.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.cli.cluster.EmbeddedFlink;
import io.streamhouse.cli.cluster.RunDirectory;
import io.streamhouse.cli.input.ChangeFile;
import io.streamhouse.cli.input.ChangeFiles;
import io.streamhouse.cli.input.SourceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OracleTest {
    @TempDir
    static Path directory;

    private static EmbeddedFlink flink;
    private static DemoModel model;
    private static Oracle oracle;

    @BeforeAll
    static void start() throws IOException {
        Path files = directory.resolve("input");
        ChangeFiles.Input input = ChangeFiles.write(files, 0.001, Long.getLong("streamhouse.seed", 3));
        for (List<ChangeFile> ofTable : input.files().values()) {
            for (ChangeFile file : ofTable) {
                Files.move(file.hidden(), file.visible());
            }
        }
        model = new DemoModel(input);
        flink = EmbeddedFlink.start(RunDirectory.claim(directory.resolve("run")), 2);
        oracle = new Oracle(flink.batch(), new Layers("demo", files));
    }

    @AfterAll
    static void stop() {
        flink.close();
    }

    @Test
    void theLastEventOfEveryKeyIsTheFoldedStream() {
        Map<String, TableDigest> expected = oracle.expected(Layer.ODS);
        for (SourceTable table : SourceTable.ALL) {
            assertEquals(DemoModel.digest(model.ods(table)), expected.get(Layers.ods(table)), table.name());
        }
    }

    @Test
    void theJoinedAndSummedLayersAreThoseOfTheModel() {
        assertEquals(
                DemoModel.digest(model.dwd().values()),
                oracle.expected(Layer.DWD).get(Layers.DWD));
        TableDigest dws = oracle.expected(Layer.DWS).get(Layers.DWS);
        assertEquals(DemoModel.digest(model.dws().values()), dws);
        assertTrue(dws.rows() > 100, dws.toString());
    }
}
