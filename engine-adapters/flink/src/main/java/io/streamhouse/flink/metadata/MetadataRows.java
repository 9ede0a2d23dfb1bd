package io.streamhouse.flink.metadata;

import io.streamhouse.catalog.SnapshotChain;
import io.streamhouse.catalog.Table;
import io.streamhouse.flink.table.OpenTable;
import io.streamhouse.flink.table.TableAddress;
import io.streamhouse.flink.table.TaskErrors;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.spec.table.SnapshotKind;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.util.Collector;

/** Reads a table's metadata once. */
final class MetadataRows implements FlatMapFunction<Long, RowData> {
    /** No snapshot in particular. */
    static final long NEWEST = 0;

    private static final long serialVersionUID = 1L;

    private final TableAddress address;
    private final MetadataTable kind;
    private final long snapshotId;

    MetadataRows(TableAddress address, MetadataTable kind, long snapshotId) {
        this.address = address;
        this.kind = kind;
        this.snapshotId = snapshotId;
    }

    @Override
    public void flatMap(Long pass, Collector<RowData> out) throws IOException {
        try (OpenTable open = address.open()) {
            switch (kind) {
                case SNAPSHOTS -> snapshots(open.table().snapshots(), out);
                case FILES -> files(open.table().snapshots(), out);
                case PARTITIONS -> partitions(open.table(), out);
                case BUCKETS -> buckets(open.table(), out);
                case COMPACTIONS -> compactions(open.table().snapshots(), out);
                case OPTIONS -> options(open.table().schema().options(), out);
            }
        } catch (StreamhouseException e) {
            throw TaskErrors.of(e);
        }
    }

    private static void snapshots(SnapshotChain chain, Collector<RowData> out) throws IOException {
        for (Snapshot s : chain.list(1, Long.MAX_VALUE)) {
            boolean nobody = s.author().user().isEmpty();
            out.collect(GenericRowData.of(
                    s.id(),
                    StringData.fromString(s.kind().name()),
                    TimestampData.fromEpochMillis(s.timeMillis()),
                    nobody ? null : StringData.fromString(s.author().user()),
                    nobody ? null : s.author().identifier(),
                    s.header().schemaId(),
                    s.totals().rowCount(),
                    StringData.fromString(s.totals().digest().toString()),
                    s.change().counts().inserted(),
                    s.change().counts().updated(),
                    s.change().counts().deleted(),
                    s.change().conflicts()));
        }
    }

    private Optional<Snapshot> snapshot(SnapshotChain chain) throws IOException {
        return snapshotId == NEWEST ? chain.latest() : Optional.of(chain.snapshot(snapshotId));
    }

    private void files(SnapshotChain chain, Collector<RowData> out) throws IOException {
        Optional<Snapshot> snapshot = snapshot(chain);
        if (snapshot.isEmpty()) {
            return;
        }
        for (FileEntry e : chain.tree(snapshot.get()).entries()) {
            out.collect(GenericRowData.of(
                    StringData.fromString(e.file().object().path()),
                    StringData.fromString(e.file().object().format().name()),
                    e.file().origin().level(),
                    (long) e.file().rowCount(),
                    e.file().object().sizeBytes(),
                    e.file().slices().size(),
                    e.file().origin().schemaId(),
                    e.addedIn(),
                    e.bornIn()));
        }
    }

    private Optional<BucketSums> sums(Table table) throws IOException {
        Optional<Snapshot> snapshot = snapshot(table.snapshots());
        if (snapshot.isEmpty()) {
            return Optional.empty();
        }
        LakeView view = LakeView.of(table.snapshots().tree(snapshot.get()));
        return Optional.of(BucketSums.of(table.schema(), view));
    }

    private void partitions(Table table, Collector<RowData> out) throws IOException {
        sums(table).ifPresent(sums -> sums.partitions()
                .forEach((partition, s) -> out.collect(GenericRowData.of(
                        StringData.fromString(sums.text(partition)),
                        s.buckets(),
                        s.slices(),
                        s.rows(),
                        s.masked(),
                        s.sizeBytes(),
                        s.lastAddedIn()))));
    }

    private void buckets(Table table, Collector<RowData> out) throws IOException {
        sums(table).ifPresent(sums -> sums.buckets()
                .forEach((bucket, s) -> out.collect(GenericRowData.of(
                        StringData.fromString(sums.text(bucket.partition())),
                        bucket.bucket(),
                        s.slices(),
                        s.rows(),
                        s.masked(),
                        s.sizeBytes(),
                        s.lastAddedIn()))));
    }

    private static void compactions(SnapshotChain chain, Collector<RowData> out) throws IOException {
        for (Snapshot s : chain.list(1, Long.MAX_VALUE)) {
            if (s.kind() != SnapshotKind.COMPACT || s.tree().lastRemovalIn() != s.id()) {
                continue; // without a file that left, it is the announcement of a cleaner
            }
            Map<String, String> said = s.properties();
            out.collect(GenericRowData.of(
                    s.id(),
                    TimestampData.fromEpochMillis(s.timeMillis()),
                    number(said.get("compaction.base")),
                    said.containsKey("compaction.reason") ? StringData.fromString(said.get("compaction.reason")) : null,
                    count(said.get("compaction.inputs")),
                    count(said.get("compaction.outputs")),
                    number(said.get("compaction.rows")),
                    number(said.get("compaction.bytes-read")),
                    number(said.get("compaction.bytes-written")),
                    s.change().conflicts()));
        }
    }

    /** Properties are free text; what is no number is told as NULL. */
    private static Long number(String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Integer count(String text) {
        Long number = number(text);
        return number == null ? null : Integer.valueOf((int) Math.min(Integer.MAX_VALUE, number));
    }

    private static void options(Map<String, String> options, Collector<RowData> out) {
        new TreeMap<>(options)
                .forEach((k, v) -> out.collect(GenericRowData.of(StringData.fromString(k), StringData.fromString(v))));
    }
}
