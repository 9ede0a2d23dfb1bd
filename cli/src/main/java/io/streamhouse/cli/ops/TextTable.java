package io.streamhouse.cli.ops;

import io.streamhouse.cli.sql.PlainText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under a heading, columns as wide as their widest value; numbers stand to the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * One column.
     *
     * @param name its heading
     * @param right whether values stand to the right
     */
    private record Column(String name, boolean right) {}

    /** A table of the columns; a name that ends in {@code #} is one of numbers. */
    TextTable(String... names) {
        List<Column> out = new ArrayList<>();
        for (String name : names) {
            boolean number = name.endsWith("#");
            out.add(new Column(number ? name.substring(0, name.length() - 1) : name, number));
        }
        columns = List.copyOf(out);
    }

    /** Adds a row, one value a column. */
    void add(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object value : values) {
            row.add(PlainText.of(String.valueOf(value)));
        }
        rows.add(row);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(PrintWriter out) {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = length(columns.get(c).name());
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        out.println(line(columns.stream().map(Column::name).toList(), widths));
        rows.forEach(row -> out.println(line(row, widths)));
        out.flush();
    }

    private String line(List<String> values, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String padding = " ".repeat(widths[c] - length(values.get(c)));
            boolean right = columns.get(c).right();
            out.append(c == 0 ? "" : GAP)
                    .append(right ? padding : "")
                    .append(values.get(c))
                    .append(right ? "" : padding);
        }
        return out.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
