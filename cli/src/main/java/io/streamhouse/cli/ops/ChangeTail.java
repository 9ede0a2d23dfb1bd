package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.log.Bound;
import io.streamhouse.log.ChangeBatch;
import io.streamhouse.log.Start;
import io.streamhouse.read.Changelog;
import io.streamhouse.read.ChangelogReader;
import io.streamhouse.read.Pause;
import io.streamhouse.spec.Row;
import io.streamhouse.spec.RowKind;
import io.streamhouse.spec.column.RowReader;
import io.streamhouse.spec.option.ChangelogShape;
import io.streamhouse.spec.type.Field;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the changes of a table, one a line: snapshot id, kind, row. */
public final class ChangeTail {
    /** How often a follower looks for commits: a look is one or two requests to the store. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Duration POLL = Duration.ofSeconds(10);

    private final Table table;
    private final Query query;
    private final PrintWriter out;
    private final JsonLines json;

    /**
     * What to print.
     *
     * @param from where to start
     * @param shape what to show of an updated row
     * @param limit number of changes after which to end, at least 1
     * @param follow whether to wait for more at the newest snapshot
     * @param json whether a line is a JSON object
     */
    public record Query(Start from, ChangelogShape shape, long limit, boolean follow, boolean json) {}

    public ChangeTail(Table table, Query query, PrintWriter out) {
        this.table = table;
        this.query = query;
        this.out = out;
        this.json = query.json() ? new JsonLines(out) : null;
    }

    /**
     * Reads a start as the user types it: {@code earliest}, {@code latest}, {@code full}, a snapshot id, or a time as
     * {@code 2026-01-31T12:00:00Z}.
     *
     * @throws UsageException if it is none of them
     */
    public static Start start(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "earliest":
                return Start.earliest();
            case "latest":
                return Start.latest();
            case "full":
                return Start.full();
            default:
        }
        try {
            if (text.matches("\\d+")) {
                return Start.fromSnapshot(Long.parseLong(text));
            }
            return Start.timestamp(Instant.parse(text).toEpochMilli());
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            throw new UsageException(
                    "start '%s' is none of earliest, latest, full, a snapshot id, a time such as 2026-01-31T12:00:00Z"
                            .formatted(text));
        }
    }

    /** Prints up to the end, the limit, a reader of the output that has gone, or until somebody asks to stop. */
    public void run(StopSignal stop) throws IOException {
        run(stop, stop.pause());
    }

    void run(StopSignal stop, Pause pause) throws IOException {
        Changelog changelog = Changelog.of(table)
                .from(query.from())
                .until(query.follow() ? Bound.none() : Bound.latest())
                .shape(query.shape())
                .discoveryInterval(INTERVAL)
                .pause(pause);
        long rest = query.limit();
        try (ChangelogReader reader = changelog.open()) {
            while (rest > 0 && !reader.isFinished() && !stop.isAsked()) {
                // one look a poll, so that a request to stop is seen after each wait
                ChangeBatch batch = reader.poll(query.follow() ? INTERVAL : POLL);
                if (batch == null) {
                    continue;
                }
                rest -= print(batch, reader.columns(), rest);
                if (batch.lastOfCommit() && out.checkError()) { // checkError flushes
                    return;
                }
            }
        } finally {
            out.flush();
        }
    }

    private long print(ChangeBatch batch, List<Field> columns, long rest) {
        long count = Math.min(rest, batch.rowCount());
        for (int i = 0; i < count; i++) {
            Row row = RowReader.row(batch.rows(), columns, i);
            RowKind kind = RowKind.of(batch.kinds()[i]);
            if (json != null) {
                json.print(object(batch, kind, row, columns));
            } else {
                out.println("%d %s %s".formatted(batch.snapshotId(), kind.symbol(), Cells.row(row)));
            }
        }
        return count;
    }

    private static Map<String, Object> object(ChangeBatch batch, RowKind kind, Row row, List<Field> columns) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int c = 0; c < columns.size(); c++) {
            values.put(columns.get(c).name(), value(row.value(c)));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("snapshot", batch.snapshotId());
        out.put("time_millis", batch.commitTimeMillis());
        out.put("kind", kind.symbol());
        out.put("row", values);
        return out;
    }

    /** Numbers, booleans and NULL as they are, bytes in hex, all else as text. */
    private static Object value(Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
