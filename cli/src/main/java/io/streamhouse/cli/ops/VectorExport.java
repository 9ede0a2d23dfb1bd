package io.streamhouse.cli.ops;

import io.streamhouse.catalog.DeletionVectors;
import io.streamhouse.catalog.Table;
import io.streamhouse.cli.failure.UsageException;
import io.streamhouse.cli.sql.PlainText;
import io.streamhouse.columnar.puffin.VectorFile;
import io.streamhouse.spec.table.Snapshot;
import io.streamhouse.storage.ObjectStore;
import io.streamhouse.storage.ObjectStores;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Deletion vectors of one snapshot, in a local file. */
public final class VectorExport {
    private final Table table;
    private final PrintWriter out;

    public VectorExport(Table table, PrintWriter out) {
        this.table = table;
        this.out = out;
    }

    /**
     * Writes the vectors of a snapshot, or of the newest, and prints where each stands.
     *
     * @throws UsageException if the file exists already, or its directory does not
     */
    public void run(OptionalLong snapshotId, Path file, boolean json) throws IOException {
        Path target = checked(file);
        Optional<Snapshot> snapshot = snapshotId.isPresent()
                ? Optional.of(table.snapshots().snapshot(snapshotId.getAsLong()))
                : table.snapshots().latest();
        Optional<VectorFile> written = snapshot.isEmpty() ? Optional.empty() : write(snapshot.get(), target);
        if (json) {
            JsonLines lines = new JsonLines(out);
            written.ifPresent(f -> f.blobs().forEach(b -> lines.print(json(snapshot.get(), b))));
        } else if (snapshot.isEmpty()) {
            out.println("%s has no snapshot yet; nothing was written".formatted(table.name()));
        } else if (written.isEmpty()) {
            out.println("snapshot %d has no superseded row in its files; nothing was written"
                    .formatted(snapshot.get().id()));
        } else {
            printText(snapshot.get(), written.get(), target);
        }
        out.flush();
    }

    private static Path checked(Path file) {
        Path target = file.toAbsolutePath().normalize();
        if (target.getParent() == null || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException("%s exists already; '--out' names a new file".formatted(PlainText.of("" + file)));
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new UsageException("directory %s does not exist".formatted(PlainText.of("" + target.getParent())));
        }
        return target;
    }

    private Optional<VectorFile> write(Snapshot snapshot, Path target) throws IOException {
        try (ObjectStore directory = ObjectStores.local(target.getParent())) {
            return DeletionVectors.of(table)
                    .write(snapshot, directory, target.getFileName().toString());
        }
    }

    private void printText(Snapshot snapshot, VectorFile file, Path target) {
        TextTable text = new TextTable("data file", "offset#", "length#", "cardinality#");
        List<VectorFile.Blob> vectors = file.blobs();
        vectors.forEach(v -> text.add(v.dataFile(), v.offset(), v.length(), v.cardinality()));
        text.print(out);
        long rows = vectors.stream().mapToLong(VectorFile.Blob::cardinality).sum();
        out.println("snapshot %d: %s of %s, %s in %s"
                .formatted(
                        snapshot.id(),
                        Cells.count(vectors.size(), "vector"),
                        Cells.count(rows, "superseded row"),
                        Cells.bytes(file.sizeBytes()),
                        PlainText.of(target.toString())));
    }

    private static Map<String, Object> json(Snapshot snapshot, VectorFile.Blob vector) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("snapshot", snapshot.id());
        json.put("data_file", vector.dataFile());
        json.put("offset", vector.offset());
        json.put("length", vector.length());
        json.put("cardinality", vector.cardinality());
        return json;
    }
}
