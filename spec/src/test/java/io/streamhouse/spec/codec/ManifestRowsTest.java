package io.streamhouse.spec.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.streamhouse.spec.ErrorCode;
import io.streamhouse.spec.Seeds;
import io.streamhouse.spec.StreamhouseException;
import io.streamhouse.spec.column.ColumnBatch;
import io.streamhouse.spec.column.ColumnVector;
import io.streamhouse.spec.table.FileEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestRowsTest {
    private static ColumnBatch replaced(ColumnBatch batch, String column, ColumnVector vector) {
        List<ColumnVector> columns = new ArrayList<>(batch.columns());
        for (int c = 0; c < columns.size(); c++) {
            if (ManifestRows.FIELDS.get(c).name().equals(column)) {
                columns.set(c, vector);
            }
        }
        return ColumnBatch.of(columns);
    }

    private static ErrorCode codeOf(ColumnBatch batch) {
        return assertThrows(StreamhouseException.class, () -> ManifestRows.entries(batch, "m"))
                .code();
    }

    @Test
    void entriesComeBack() {
        long seed = Seeds.of("ManifestRowsTest");
        for (int run = 0; run < 50; run++) {
            RandomRecords random = new RandomRecords(seed + run);
            List<FileEntry> entries = new ArrayList<>();
            for (int i = 0; i < run % 7; i++) {
                entries.add(random.fileEntry());
            }
            ColumnBatch batch = ManifestRows.batch(entries);
            assertEquals(DeepText.of(entries), DeepText.of(ManifestRows.entries(batch, "m")));
            if (entries.size() > 2) {
                List<FileEntry> selected = ManifestRows.entries(batch.withSelection(new int[] {2}), "m");
                assertEquals(DeepText.of(entries.subList(2, 3)), DeepText.of(selected));
            }
        }
    }

    @Test
    void damagedRowsAreTypedErrors() {
        ColumnBatch good = ManifestRows.batch(List.of(GoldenRecords.fileEntry()));
        ColumnVector nine = new ColumnVector.Ints(1, null, new int[] {9});
        ColumnVector oneByte = new ColumnVector.Bytes(1, null, new byte[] {(byte) 0xff}, new int[] {0, 1});
        for (String column : List.of("format", "content", "source", "flags")) {
            assertEquals(ErrorCode.UNKNOWN_VERSION, codeOf(replaced(good, column, nine)), column);
        }
        for (String column : List.of("file_id", "path", "slices", "row_groups", "column_stats")) {
            assertEquals(ErrorCode.CORRUPT_FILE, codeOf(replaced(good, column, oneByte)), column);
        }
        assertEquals(ErrorCode.CORRUPT_FILE, codeOf(replaced(good, "row_count", nine)));
        assertEquals(
                ErrorCode.CORRUPT_FILE,
                codeOf(replaced(good, "born_in", new ColumnVector.Longs(1, null, new long[] {99}))));
        assertEquals(
                ErrorCode.CORRUPT_FILE,
                codeOf(replaced(good, "level", new ColumnVector.Ints(1, new long[] {1}, new int[1]))));
        assertEquals(ErrorCode.CORRUPT_FILE, codeOf(replaced(good, "level", oneByte)));
    }
}
