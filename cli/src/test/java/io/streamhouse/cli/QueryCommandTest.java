package io.streamhouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One statement of SQL in a process of its own, as a user runs it: Flink unpacks its planner once a process. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueryCommandTest {
    @TempDir
    Path directory;

    private Answer query(String sql) throws IOException, InterruptedException {
        File out = directory.resolve("out.txt").toFile();
        File err = directory.resolve("err.txt").toFile();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx700m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dstreamhouse.home=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.streamhouse.cli.Main",
                        "query",
                        sql,
                        "--warehouse",
                        directory.resolve("warehouse").toString())
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            int code = process.waitFor();
            return new Answer(code, Files.readString(out.toPath()), Files.readString(err.toPath()));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theResultIsAllThatIsPrintedAndAWrongStatementIsOneError() throws Exception {
        List<Field> columns =
                List.of(new Field(1, "id", DataType.bigint(), false), new Field(2, "v", DataType.string(), true));
        try (Catalog catalog = Catalogs.open(directory.resolve("warehouse").toUri(), Map.of())) {
            catalog.createDatabase("default", true);
            TableSchema schema = TableSchema.create(columns, List.of("id"), List.of(), List.of(), 1, Map.of());
            try (TableWriter writer =
                    TableWriter.open(catalog.createTable(TableName.of("default", "t"), schema), CommitUser.fresh())) {
                writer.write(RowKind.INSERT, Row.of(1L, "a\u001b[31m"));
                writer.write(RowKind.INSERT, Row.of(2L, "b"));
                writer.commit(1);
            }
        }
        Answer rows = query("SELECT id, v FROM t ORDER BY id;");
        assertEquals(ExitCode.OK, rows.code(), rows.err());
        List<String> cells = rows.lines().stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.replaceAll("[ |]+", " ").strip())
                .toList();
        assertEquals(List.of("id v", "1 a\\u001b[31m", "2 b"), cells);
        assertEquals("2 rows in set", rows.lines().get(rows.lines().size() - 1));
        assertEquals("", rows.err());
        Answer wrong = query("SELECT * FROM absent");
        assertEquals(ExitCode.FAILURE, wrong.code(), wrong.out());
        assertEquals("", wrong.out());
        assertTrue(wrong.err().contains("error SQL: "), wrong.err());
        assertTrue(wrong.err().contains("'absent' not found"), wrong.err());
    }
}
