package io.streamhouse.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamhouse.cli.input.ChangeFile;
import io.streamhouse.cli.input.ChangeFiles;
import io.streamhouse.cli.input.Column;
import io.streamhouse.cli.input.SourceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The layers of the demo folded from the files by maps: what every engine must come to. */
final class DemoModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<SourceTable, Map<String, Object[]>> tables = new HashMap<>();

    DemoModel(ChangeFiles.Input input) {
        try {
            for (SourceTable table : SourceTable.ALL) {
                Map<String, Object[]> rows = new TreeMap<>();
                for (ChangeFile file : input.files().get(table)) {
                    Path path = Files.exists(file.visible()) ? file.visible() : file.hidden();
                    for (String line : Files.readAllLines(path)) {
                        fold(table, rows, JSON.readTree(line));
                    }
                }
                tables.put(table, rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fold(SourceTable table, Map<String, Object[]> rows, JsonNode event) {
        boolean delete = event.get("after").isNull();
        JsonNode image = event.get(delete ? "before" : "after");
        List<String> key = new ArrayList<>();
        table.key().forEach(column -> key.add(image.get(column).asText()));
        if (delete) {
            rows.remove(String.join("/", key));
        } else {
            rows.put(
                    String.join("/", key),
                    table.columns().stream()
                            .map(c -> value(c, image.get(c.name())))
                            .toArray());
        }
    }

    private static Object value(Column column, JsonNode node) {
        return switch (column.type()) {
            case "BIGINT" -> node.asLong();
            case "INT" -> node.asInt();
            case "STRING" -> node.asText();
            case "DATE" -> LocalDate.parse(node.asText());
            default -> new BigDecimal(node.asText());
        };
    }

    Collection<Object[]> ods(SourceTable table) {
        return tables.get(table).values();
    }

    /** By order key and line number. */
    Map<String, Object[]> dwd() {
        Map<String, Object[]> orders = tables.get(SourceTable.ORDERS);
        Map<String, Object[]> dwd = new TreeMap<>();
        tables.get(SourceTable.LINEITEM).forEach((key, line) -> {
            Object[] order = orders.get(line[0].toString());
            if (order != null) {
                BigDecimal price = (BigDecimal) line[4];
                BigDecimal discount = (BigDecimal) line[5];
                BigDecimal revenue = price.multiply(BigDecimal.ONE.subtract(discount));
                dwd.put(key, new Object[] {
                    line[0], line[1], order[1], order[4], order[2], price, discount, line[6], revenue
                });
            }
        });
        return dwd;
    }

    /** By nation and month. */
    Map<String, Object[]> dws() {
        Map<String, String> nations = new HashMap<>();
        ods(SourceTable.NATION).forEach(row -> nations.put(row[0].toString(), (String) row[1]));
        Map<String, String> nationOf = new HashMap<>();
        ods(SourceTable.CUSTOMER).forEach(row -> nationOf.put(row[0].toString(), nations.get(row[2].toString())));
        Map<String, Object[]> dws = new TreeMap<>();
        for (Object[] row : dwd().values()) {
            String nation = nationOf.get(row[2].toString());
            String month = row[3].toString().substring(0, 7);
            BigDecimal revenue = (BigDecimal) row[8];
            BigDecimal returned = row[7].equals("R") ? revenue : BigDecimal.ZERO;
            dws.merge(
                    nation + "/" + month, new Object[] {nation, month, 1L, revenue, returned}, (a, b) -> new Object[] {
                        a[0],
                        a[1],
                        (long) a[2] + (long) b[2],
                        ((BigDecimal) a[3]).add((BigDecimal) b[3]),
                        ((BigDecimal) a[4]).add((BigDecimal) b[4])
                    });
        }
        return dws;
    }

    static TableDigest digest(Collection<Object[]> rows) {
        RowHash hash = new RowHash();
        RowBytes bytes = new RowBytes();
        for (Object[] row : rows) {
            bytes.encode(row);
            hash.add(bytes.array(), bytes.length());
        }
        return hash.digest();
    }
}
