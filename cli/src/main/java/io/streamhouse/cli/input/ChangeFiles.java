package io.streamhouse.cli.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The change streams as files of Debezium-JSON, one event a line, all of them still hidden.
 *
 * <p>Files of orders and line items are cut at the same moments of the time line. A file ends with an event that is no
 * delete, so that a reader of the table can see when it has been read, and stays below the size at which Flink's file
 * source splits files, and with that loses their order.
 */
public final class ChangeFiles {
    /** Flink's file source may split larger files. */
    private static final long MAX_FILE_BYTES = 32L << 20;

    /** With about 450 bytes an event, well below the bound even if all events of a slice are of one table. */
    private static final int MAX_EVENTS_PER_SLICE = 50_000;

    private static final int MIN_SLICES = 12;
    private static final int USUAL_SLICES = 64;

    private final Path directory;
    private final JsonFactory json = new JsonFactory();
    private final Map<SourceTable, OpenFile> open = new HashMap<>();
    private final Map<SourceTable, List<ChangeFile>> files = new HashMap<>();
    private final Map<ChangeEvent.Kind, Long> kinds = new EnumMap<>(ChangeEvent.Kind.class);

    private ChangeFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Writes all files of a scale and a seed.
     *
     * @param directory gets one directory per table
     */
    public static Input write(Path directory, double scale, long seed) {
        try {
            return new ChangeFiles(directory).run(scale, seed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the input into " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * What was written.
     *
     * @param files per table, in the order in which they must be read
     * @param kinds number of events per kind
     */
    public record Input(Map<SourceTable, List<ChangeFile>> files, Map<ChangeEvent.Kind, Long> kinds) {
        public Input {
            files = Map.copyOf(files);
            kinds = Map.copyOf(kinds);
        }

        /** Number of events in all files. */
        public long events() {
            return kinds.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Length of all files. */
        public long sizeBytes() {
            return files.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(ChangeFile::sizeBytes)
                    .sum();
        }
    }

    private Input run(double scale, long seed) throws IOException {
        for (SourceTable table : SourceTable.ALL) {
            Files.createDirectories(directory.resolve(table.name()));
            files.put(table, new ArrayList<>());
        }
        ChangeStreams streams = new ChangeStreams(scale, seed);
        streams.forEachReference(this::append);
        closeAll();
        int size = streams.size();
        int slices = slices(scale, size);
        int nextCut = 1;
        for (int position = 0; position < size; position++) {
            append(streams.next(position));
            if (position + 1 >= (long) size * nextCut / slices) {
                open.values().forEach(file -> file.due = true);
                nextCut++;
            }
            closeDue();
        }
        closeAll();
        return new Input(files, kinds);
    }

    /** 64 files a table from scale 0.1 on, so that there are more than 60 commits; never fewer than 12. */
    private static int slices(double scale, int events) {
        int usual = (int) Math.max(MIN_SLICES, Math.min(USUAL_SLICES, Math.round(USUAL_SLICES * scale / 0.1)));
        return Math.max(usual, events / MAX_EVENTS_PER_SLICE + 1);
    }

    private void append(ChangeEvent event) {
        OpenFile file = open.computeIfAbsent(event.table(), this::begin);
        try {
            file.append(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kinds.merge(event.kind(), 1L, Long::sum);
    }

    private OpenFile begin(SourceTable table) {
        int index = files.get(table).size();
        String name = "%s-%05d.json".formatted(table.name(), index);
        Path home = directory.resolve(table.name());
        try {
            return new OpenFile(table, index, home.resolve("." + name), home.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeDue() throws IOException {
        for (OpenFile file : List.copyOf(open.values())) {
            if (file.due && file.lastKind != ChangeEvent.Kind.DELETE) {
                close(file);
            }
        }
    }

    private void closeAll() throws IOException {
        for (OpenFile file : List.copyOf(open.values())) {
            close(file);
        }
    }

    private void close(OpenFile file) throws IOException {
        open.remove(file.table);
        file.generator.close();
        long size = Files.size(file.hidden);
        if (size >= MAX_FILE_BYTES) {
            throw new IllegalStateException("%s has %d bytes, the source may split it".formatted(file.hidden, size));
        }
        if (file.lastKind == ChangeEvent.Kind.DELETE) {
            throw new IllegalStateException(file.hidden + " ends with a delete");
        }
        files.get(file.table)
                .add(new ChangeFile(
                        file.table, file.index, file.hidden, file.visible, file.events, file.lastEvent, size));
    }

    /** A file being written. */
    private final class OpenFile {
        private final SourceTable table;
        private final int index;
        private final Path hidden;
        private final Path visible;
        private final JsonGenerator generator;
        private long events;
        private long lastEvent;
        private ChangeEvent.Kind lastKind;
        /** Its slice of the time line is over. */
        private boolean due;

        OpenFile(SourceTable table, int index, Path hidden, Path visible) throws IOException {
            this.table = table;
            this.index = index;
            this.hidden = hidden;
            this.visible = visible;
            OutputStream out = Files.newOutputStream(hidden);
            generator = json.createGenerator(out);
            generator.setRootValueSeparator(null);
        }

        void append(ChangeEvent event) throws IOException {
            generator.writeStartObject();
            writeRow("before", event.before());
            writeRow("after", event.after());
            generator.writeStringField("op", event.kind().letter());
            generator.writeNumberField("ts_ms", event.number());
            generator.writeEndObject();
            generator.writeRaw('\n');
            events++;
            lastEvent = event.number();
            lastKind = event.kind();
        }

        private void writeRow(String name, Object[] row) throws IOException {
            if (row == null) {
                generator.writeNullField(name);
                return;
            }
            generator.writeObjectFieldStart(name);
            for (int i = 0; i < row.length; i++) {
                String column = table.columns().get(i).name();
                if (row[i] instanceof Long number) {
                    generator.writeNumberField(column, number);
                } else if (row[i] instanceof Integer number) {
                    generator.writeNumberField(column, number);
                } else if (row[i] instanceof BigDecimal decimal) {
                    // as text, as Debezium does with decimal.handling.mode = string: a JSON number may become a double
                    generator.writeStringField(column, decimal.toPlainString());
                } else {
                    generator.writeStringField(column, row[i].toString());
                }
            }
            generator.writeEndObject();
        }
    }
}
