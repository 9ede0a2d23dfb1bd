package io.streamhouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamhouse.catalog.Catalog;
import io.streamhouse.catalog.Catalogs;
import io.streamhouse.catalog.Table;
import io.streamhouse.spec.RowKind;
import io.streamhouse.write.CommitUser;
import io.streamhouse.write.TableWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionBenchmarkTest {
    @TempDir
    private Path directory;

    @Test
    void theFiguresSayWhatCompactionCostAndLeft() throws Exception {
        Path json = directory.resolve("figures.json");
        CompactionBenchmark.of(List.of(
                        "--rows",
                        "12_000",
                        "--keys",
                        "2000",
                        "--commits",
                        "12",
                        "--scans",
                        "1",
                        "--json",
                        json.toString()))
                .run();
        String figures = Files.readString(json);
        assertTrue(figure(figures, "compactions") > 0, figures);
        assertTrue(figure(figures, "write_amplification") > 1, figures);
        assertTrue(figure(figures, "files") < 12, figures);
        assertEquals(1, figure(figures, "compacted.files"), figures);
        assertEquals(0, figure(figures, "compacted.garbage_share"), figures);
    }

    @Test
    void aScanThatIsNotTheModelsIsNotTimed() throws Exception {
        OrdersLoad load = new OrdersLoad(500, 100, 1);
        try (Catalog catalog = Catalogs.open(directory.toUri(), Map.of())) {
            Table table = OrdersLoad.create(catalog, 1);
            OrderRows row = new OrderRows(OrdersLoad.SEED);
            try (TableWriter writer = TableWriter.open(table, CommitUser.fresh())) {
                for (long s = 0; s < load.rows(); s++) {
                    writer.write(RowKind.INSERT, row.at(s, load.keyOf(s)));
                }
                writer.commit(1);
            }
            long[] newest = load.newest();
            OrdersLoad.scan(table, newest);
            newest[7]--;
            assertThrows(IllegalStateException.class, () -> OrdersLoad.scan(table, newest));
        }
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertNamed("'--row' is none of", "--row", "5");
        assertNamed("'--rows' has no value", "--rows");
        assertNamed("'many' of '--keys'", "--keys", "many");
        assertNamed(
                "does not exist",
                "--json",
                directory.resolve("none/figures.json").toString());
    }

    private static void assertNamed(String named, String... arguments) {
        Exception refused =
                assertThrows(IllegalArgumentException.class, () -> CompactionBenchmark.of(List.of(arguments)));
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }

    private static double figure(String json, String name) {
        Matcher m =
                Pattern.compile("\"" + Pattern.quote(name) + "\": ([-0-9.]+)").matcher(json);
        assertTrue(m.find(), () -> name + " is not in " + json);
        return Double.parseDouble(m.group(1));
    }
}
