package io.streamhouse.cli.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.BatchScan;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.TableScan;
import io.streamhouse.read.filter.Predicate;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.TableName;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.type.DataType;
import io.streamhouse.spec.type.Field;
import io.streamhouse.spec.type.TableSchema;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md: it stands there as it stands here, and does what it says. */
class PlainJavaTest {
    @TempDir
    Path directory;

    // begin of README.md's example
    private static void example(URI warehouse, PrintStream out) throws IOException {
        try (Catalog catalog = Catalogs.open(warehouse, Map.of())) {
            catalog.createDatabase("shop", true);
            List<Field> columns = List.of(
                    new Field(1, "id", DataType.bigint(), false), new Field(2, "status", DataType.string(), true));
            TableSchema schema = TableSchema.create(columns, List.of("id"), List.of(), List.of(), 4, Map.of());
            Table orders = catalog.createTable(TableName.of("shop", "orders"), schema);

            try (TableWriter writer = TableWriter.open(orders, CommitUser.fresh())) {
                writer.write(RowKind.INSERT, Row.of(1L, "open"));
                writer.write(RowKind.INSERT, Row.of(2L, "open"));
                writer.commit(1);
                writer.write(RowKind.INSERT, Row.of(2L, "paid"));
                writer.commit(2);
            }

            TableScan paid = TableScan.of(orders).where(Predicate.equal("status", "paid"));
            try (BatchScan scan = paid.open()) {
                for (ColumnBatch batch = scan.next(); batch != null; batch = scan.next()) {
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        out.println(RowReader.row(batch, scan.columns(), batch.position(i)));
                    }
                }
            }

            Changelog all = Changelog.of(orders).from(Start.earliest()).until(Bound.latest());
            try (ChangelogReader changes = all.open()) {
                while (!changes.isFinished()) {
                    ChangeBatch batch = changes.poll(Duration.ofSeconds(1));
                    for (int i = 0; batch != null && i < batch.rowCount(); i++) {
                        Row row = RowReader.row(batch.rows(), changes.columns(), i);
                        out.println(RowKind.of(batch.kinds()[i]).symbol() + " " + row);
                    }
                }
            }
        }
    }
    // end of README.md's example

    private static String[] lines(Path file) throws IOException {
        return Files.readString(file).lines().map(String::strip).toArray(String[]::new);
    }

    @Test
    void readmeShowsThisExample() throws IOException {
        String[] source = lines(Path.of("src/test/java/io/streamhouse/cli/docs/PlainJavaTest.java"));
        String own = String.join("\n", source);
        String example = own.substring(
                own.indexOf("// begin of README.md's example\n") + "// begin of README.md's example\n".length(),
                own.indexOf("\n// end of README.md's example"));
        String readme = String.join("\n", lines(Path.of("..", "README.md")));
        assertTrue(
                readme.contains("```java\n" + example + "\n```"), "README.md does not show the example of this test");
    }

    @Test
    void theExampleWritesScansAndSubscribes() throws IOException {
        Path file = directory.resolve("out.txt");
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8)) {
            example(directory.resolve("warehouse").toUri(), out);
        }
        List<String> printed = Files.readAllLines(file);
        assertEquals("(2, paid)", printed.get(0));
        assertEquals(
                List.of("+I (1, open)", "+I (2, open)", "+U (2, paid)", "-U (2, open)"),
                printed.subList(1, printed.size()).stream().sorted().toList());
        assertEquals(printed.indexOf("-U (2, open)") + 1, printed.indexOf("+U (2, paid)"));
    }
}
