package io.streamhouse.compact;

import io.streamhouse.spec.table.FileEntry;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.roaringbitmap.RoaringBitmap;

/**
 * A task: whole files to merge, and what of them is visible at the base.
 *
 * @param base id of the snapshot whose visible rows are kept
 * @param reason why these files, in a word
 * @param inputs at least one, at most 256, ascending by (addedIn, first row id)
 */
public record Compaction(long base, String reason, List<Input> inputs) {
    public Compaction {
        Objects.requireNonNull(reason, "reason");
        inputs = List.copyOf(inputs);
    }

    /**
     * One file.
     *
     * @param entry its entry at the base
     * @param hidden positions masked at the base; shared, not to be written
     */
    public record Input(FileEntry entry, RoaringBitmap hidden) {
        public UUID id() {
            return entry.file().object().id();
        }

        /** Rows visible at the base. */
        public int visibleRows() {
            return entry.file().rowCount() - hidden.getCardinality();
        }
    }

    /** Bytes of all inputs. */
    public long sizeBytes() {
        return inputs.stream()
                .mapToLong(i -> i.entry().file().object().sizeBytes())
                .sum();
    }

    /** Rows visible at the base. */
    public long visibleRows() {
        return inputs.stream().mapToLong(Input::visibleRows).sum();
    }
}
