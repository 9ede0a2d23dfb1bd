package io.streamhouse.cli.sql;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.utils.print.PrintStyle;
import org.apache.flink.table.utils.print.RowDataToStringConverter;
import org.apache.flink.table.utils.print.TableauStyle;

/** Prints results as tables with borders, in bounded memory whatever the number of rows. */
final class ResultPrinter {
    /** Rows looked at before the widths of the columns are fixed. */
    private static final int WIDTH_SAMPLE = 1_000;

    private static final int MAX_COLUMN_WIDTH = 120;

    /** Of a stream the widths follow the types, since nobody knows what will come; Flink's own default. */
    private static final int STREAM_COLUMN_WIDTH = PrintStyle.DEFAULT_MAX_COLUMN_WIDTH;

    private final PrintWriter out;

    ResultPrinter(PrintWriter out) {
        this.out = out;
    }

    /** A finite result: the widths follow the first rows. Returns the number of rows. */
    long printTable(ResolvedSchema schema, RowDataToStringConverter values, Iterator<RowData> rows) {
        RowDataToStringConverter converter = plain(values);
        List<String[]> head = new ArrayList<>();
        while (head.size() < WIDTH_SAMPLE && rows.hasNext()) {
            head.add(converter.convert(rows.next()));
        }
        if (head.isEmpty()) {
            out.println("Empty set");
            out.flush();
            return 0;
        }
        TableauStyle style =
                PrintStyle.tableauWithDataInferredColumnWidths(schema, converter, MAX_COLUMN_WIDTH, false, false);
        List<String[]> measured = new ArrayList<>(head);
        measured.add(schema.getColumnNames().toArray(String[]::new));
        style.inferColumnWidth(measured);
        printHead(style);
        head.forEach(row -> style.printTableauRow(row, out));
        long count = head.size();
        for (; rows.hasNext(); count++) {
            style.printTableauRow(converter.convert(rows.next()), out);
        }
        printFoot(style, count);
        return count;
    }

    /** A stream of changes, printed as it comes, each row with its kind. Returns the number of changes. */
    long printChanges(ResolvedSchema schema, RowDataToStringConverter values, Iterator<RowData> rows) {
        RowDataToStringConverter converter = plain(values);
        TableauStyle style =
                PrintStyle.tableauWithTypeInferredColumnWidths(schema, converter, STREAM_COLUMN_WIDTH, false, true);
        printHead(style);
        long count = 0;
        for (; rows.hasNext(); count++) {
            style.printTableauRow(style.rowFieldsToString(rows.next()), out);
            out.flush();
        }
        printFoot(style, count);
        return count;
    }

    /** Texts of one column, such as plans, as they are. */
    void printRaw(RowDataToStringConverter converter, Iterator<RowData> rows) {
        rows.forEachRemaining(row -> out.println(String.join(" ", converter.convert(row))));
        out.flush();
    }

    private static RowDataToStringConverter plain(RowDataToStringConverter values) {
        return row -> {
            String[] cells = values.convert(row);
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cells[i] == null ? null : PlainText.of(cells[i]);
            }
            return cells;
        };
    }

    private void printHead(TableauStyle style) {
        style.printBorderLine(out);
        style.printColumnNamesTableauRow(out);
        style.printBorderLine(out);
        out.flush();
    }

    private void printFoot(TableauStyle style, long count) {
        style.printBorderLine(out);
        out.println(count == 1 ? "1 row in set" : count + " rows in set");
        out.flush();
    }
}
