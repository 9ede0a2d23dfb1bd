package io.streamhouse.compact;

import io.streamhouse.lake.BucketId;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.table.DataFile;
import io.streamhouse.spec.table.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rows go into which file: known before anything is read. Large slices get files of their own, cut evenly; what
 * stands between two of them stays together, so that the rows of an input keep their order over all outputs.
 *
 * @param buckets ascending, only such that have visible rows
 */
record OutputPlan(List<Bucket> buckets) {
    OutputPlan {
        buckets = List.copyOf(buckets);
    }

    /**
     * A bucket's rows.
     *
     * @param id the bucket
     * @param slices by input ordinal; null where an input has none
     * @param pieces in order of the rows
     */
    record Bucket(BucketId id, Slice[] slices, List<Piece> pieces) {}

    /**
     * Rows of one bucket in one file.
     *
     * @param file ordinal of the output
     * @param rowCount rows, at least one
     */
    record Piece(int file, int rowCount) {}

    static OutputPlan of(Compaction compaction, CompactionSettings settings) {
        Map<BucketId, Slice[]> slices = new TreeMap<>();
        int inputs = compaction.inputs().size();
        for (int i = 0; i < inputs; i++) {
            DataFile file = compaction.inputs().get(i).entry().file();
            BucketId last = null;
            for (Slice s : file.slices()) {
                BucketId id = new BucketId(s.partition(), s.bucket());
                if (last != null && last.compareTo(id) >= 0) {
                    throw StreamhouseException.corrupt(
                            file.object().path(), "slices of %s and %s do not ascend".formatted(last, id));
                }
                slices.computeIfAbsent(id, b -> new Slice[inputs])[i] = s;
                last = id;
            }
        }
        Files files = new Files(settings);
        List<Bucket> buckets = new ArrayList<>();
        slices.forEach((id, of) -> {
            long rows = 0;
            double bytes = 0;
            for (int i = 0; i < inputs; i++) {
                if (of[i] != null) {
                    Compaction.Input input = compaction.inputs().get(i);
                    DataFile file = input.entry().file();
                    long visible = of[i].rowCount() - input.hidden().rangeCardinality(of[i].firstRow(), of[i].endRow());
                    rows += visible;
                    bytes += visible * (file.object().sizeBytes() / (double) file.rowCount());
                }
            }
            if (rows > 0) {
                buckets.add(new Bucket(id, of, files.place(rows, bytes)));
            }
        });
        return new OutputPlan(buckets);
    }

    /** Hands out file ordinals. */
    private static final class Files {
        private final CompactionSettings settings;
        private int count;
        private double sharedBytes = -1;

        Files(CompactionSettings settings) {
            this.settings = settings;
        }

        List<Piece> place(long rows, double bytes) {
            if (bytes <= settings.ownSliceBytes()) {
                if (sharedBytes < 0 || sharedBytes + bytes > settings.targetFileBytes()) {
                    count++;
                    sharedBytes = 0;
                }
                sharedBytes += bytes;
                return List.of(new Piece(count - 1, Math.toIntExact(rows)));
            }
            sharedBytes = -1;
            long files = Math.min(rows, (long) Math.ceil(bytes / settings.targetFileBytes()));
            List<Piece> pieces = new ArrayList<>();
            for (long i = 0; i < files; i++) {
                long end = rows * (i + 1) / files;
                pieces.add(new Piece(count++, Math.toIntExact(end - rows * i / files)));
            }
            return pieces;
        }
    }
}
