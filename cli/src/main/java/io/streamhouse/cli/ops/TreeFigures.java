package io.streamhouse.cli.ops;

import io.streamhouse.catalog.Table;
import io.streamhouse.lake.LakeView;
import io.streamhouse.spec.table.FileEntry;
import io.streamhouse.spec.table.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * Files of a snapshot in figures.
 *
 * @param files data files
 * @param bytes their bytes
 * @param rows rows in them
 * @param masked rows of them that are superseded
 */
public record TreeFigures(long files, long bytes, long rows, long masked) {
    /** No files. */
    public static final TreeFigures NONE = new TreeFigures(0, 0, 0, 0);

    /** One file with the number of its superseded rows. */
    record LiveFile(FileEntry entry, int masked) {
        int visible() {
            return entry.file().rowCount() - masked;
        }

        TreeFigures figures() {
            return new TreeFigures(
                    1, entry.file().object().sizeBytes(), entry.file().rowCount(), masked);
        }
    }

    /** Files of a snapshot in the order in which they came. */
    static List<LiveFile> files(Table table, Snapshot snapshot) throws IOException {
        LakeView view = LakeView.of(table.snapshots().tree(snapshot));
        List<LiveFile> files = new ArrayList<>();
        for (FileEntry entry : view.files()) {
            RoaringBitmap mask = view.mask(entry.file().object().id());
            files.add(new LiveFile(entry, mask == null ? 0 : mask.getCardinality()));
        }
        files.sort(Comparator.comparingLong((LiveFile f) -> f.entry().addedIn())
                .thenComparingLong(f -> f.entry().firstRowId())
                .thenComparing(f -> f.entry().file().object().path()));
        return files;
    }

    static TreeFigures of(Collection<LiveFile> files) {
        return files.stream().map(LiveFile::figures).reduce(NONE, TreeFigures::plus);
    }

    /** The figures of each level that has files, ascending. */
    static Map<Integer, TreeFigures> byLevel(Collection<LiveFile> files) {
        Map<Integer, TreeFigures> levels = new TreeMap<>();
        files.forEach(f -> levels.merge(f.entry().file().origin().level(), f.figures(), TreeFigures::plus));
        return levels;
    }

    TreeFigures plus(TreeFigures other) {
        return new TreeFigures(files + other.files, bytes + other.bytes, rows + other.rows, masked + other.masked);
    }

    /** Rows that a scan delivers. */
    public long visible() {
        return rows - masked;
    }

    /** Share of superseded rows, 0 to 1. */
    double garbage() {
        return rows == 0 ? 0 : (double) masked / rows;
    }

    /** In one line. */
    String text() {
        return "%s, %s, %s, %d visible, garbage %s"
                .formatted(
                        Cells.count(files, "file"),
                        Cells.bytes(bytes),
                        Cells.count(rows, "row"),
                        visible(),
                        Cells.share(masked, rows));
    }

    /** As JSON. */
    Map<String, Object> json() {
        Map<String, Object> out = new TreeMap<>();
        out.put("files", files);
        out.put("bytes", bytes);
        out.put("rows", rows);
        out.put("visible_rows", visible());
        out.put("garbage", garbage());
        return out;
    }
}
