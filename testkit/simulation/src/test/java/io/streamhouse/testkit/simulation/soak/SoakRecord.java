package io.streamhouse.testkit.simulation.soak;

import io.streamhouse.testkit.simulation.soak.SoakSample.Column;
import java.awt.BasicStroke;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** All samples of a run: as CSV while it runs, as a table and a plot at its end, and the judgement whether they are flat. */
final class SoakRecord implements AutoCloseable {
    private static final double FLAT = 1.3;

    /** Eight files of about one size are merged, so there are a few of each size. */
    private static final long MOST_FILES = 40;

    private static final List<List<Column>> PANELS = List.of(
            List.of(Column.LIVE_FILES, Column.MANIFESTS),
            List.of(Column.SNAPSHOT_BYTES),
            List.of(Column.FILES_ON_DISK, Column.SNAPSHOTS_KEPT),
            List.of(Column.STEADY_HEAP_KIB),
            List.of(Column.RESIDENT_MIB),
            List.of(Column.COMMITS, Column.PUBLISHED, Column.LOST, Column.KILLS));

    private final List<SoakSample> samples = new ArrayList<>();
    private final PrintWriter csv;

    /**
     * What has to stay flat, once it is steady.
     *
     * @param column what
     * @param slack what the last third may have more than the middle one in any case
     * @param most what the last third must not exceed
     */
    private record Bound(Column column, long slack, long most) {
        Bound(Column column, long slack) {
            this(column, slack, Long.MAX_VALUE);
        }
    }

    SoakRecord(Path file) throws IOException {
        csv = new PrintWriter(Files.newBufferedWriter(file), true);
        csv.println(Stream.of(Column.values()).map(Column::title).collect(Collectors.joining(",")));
    }

    void add(SoakSample sample) {
        samples.add(sample);
        csv.println(
                Stream.of(Column.values()).map(c -> Long.toString(c.of(sample))).collect(Collectors.joining(",")));
    }

    private List<SoakSample> third(int which) {
        int n = samples.size();
        return samples.subList(n * which / 3, n * (which + 1) / 3);
    }

    /** What has grown from the middle third to the last one. */
    List<String> growth(boolean outlivesLeases) {
        List<Bound> bounds = new ArrayList<>(List.of(
                new Bound(Column.LIVE_FILES, 10, MOST_FILES),
                new Bound(Column.SNAPSHOT_BYTES, 2048),
                new Bound(Column.MANIFESTS, 4),
                new Bound(Column.STEADY_HEAP_KIB, 4 << 10)));
        if (outlivesLeases) {
            // not their numbers, which follow the rate of commits that the machine allows
            bounds.add(new Bound(Column.OLDEST_SECONDS, 60));
            bounds.add(new Bound(Column.FILES_PER_100_KEPT, 50));
            bounds.add(new Bound(Column.RESIDENT_MIB, 64));
        }
        List<String> grown = new ArrayList<>();
        for (Bound bound : bounds) {
            long middle = bound.column().median(third(1));
            long last = bound.column().median(third(2));
            if (last > Math.min(bound.most(), FLAT * middle + bound.slack())) {
                grown.add("%s: %d in the middle third, %d in the last"
                        .formatted(bound.column().title(), middle, last));
            }
        }
        return grown;
    }

    /** Medians of the thirds, maximum and last value of every column. */
    String table() {
        StringBuilder out = new StringBuilder("%-18s %14s %14s %14s %14s %14s%n"
                .formatted("", "first third", "middle third", "last third", "maximum", "at the end"));
        for (Column c : Column.values()) {
            long max = samples.stream().mapToLong(c::of).max().orElse(0);
            out.append("%-18s %,14d %,14d %,14d %,14d %,14d%n"
                    .formatted(
                            c.title(),
                            c.median(third(0)),
                            c.median(third(1)),
                            c.median(third(2)),
                            max,
                            samples.isEmpty() ? 0 : c.of(samples.get(samples.size() - 1))));
        }
        return out.toString();
    }

    void plot(Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<XYChart> charts = new ArrayList<>();
        double[] minutes = samples.stream().mapToDouble(s -> s.second() / 60.0).toArray();
        for (List<Column> panel : PANELS) {
            XYChart chart = new XYChartBuilder()
                    .width(640)
                    .height(320)
                    .title(panel.stream().map(Column::title).collect(Collectors.joining(", ")))
                    .xAxisTitle("minutes")
                    .build();
            chart.getStyler().setYAxisMin(0.0);
            for (Column c : panel) {
                double[] values = samples.stream().mapToDouble(c::of).toArray();
                chart.addSeries(c.title(), minutes, values)
                        .setMarker(SeriesMarkers.NONE)
                        .setLineStyle(new BasicStroke(1.5f));
            }
            charts.add(chart);
        }
        BitmapEncoder.saveBitmap(charts, 3, 2, file.toString(), BitmapFormat.PNG);
    }

    @Override
    public void close() {
        csv.close();
    }
}
